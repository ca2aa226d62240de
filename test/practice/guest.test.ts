import {execFileSync} from 'node:child_process';
import {
	appendFileSync,
	closeSync,
	constants,
	existsSync,
	openSync,
	readFileSync,
	readSync,
	writeFileSync
} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {speakWith} from '../../src/practice/guest.ts';
import {guestPaths} from '../../src/practice/launch.ts';
import {scratchFolder} from '../support/scratch.ts';

/** A fake guest: the pipe and the files that QEMU would serve, filled by hand. */
function fakeGuest(limits: {boot?: number; silence?: number; answer?: number} = {}) {
	const paths = guestPaths(scratchFolder());
	execFileSync('mkfifo', [paths.requests]);
	for (const file of [paths.console, paths.answers]) writeFileSync(file, '');
	const reading = openSync(paths.requests, constants.O_RDWR | constants.O_NONBLOCK);
	onTestFinished(() => closeSync(reading));
	const life = Promise.withResolvers<string>();
	const end = vi.fn(() => life.resolve('the guest was stopped'));
	const log = join(scratchFolder(), 'guest.log');
	const guest = speakWith({paths, life: {ended: life.promise, end}}, {limits, newLog: async () => log});
	onTestFinished(() => guest.stop());
	return {
		guest,
		end,
		log,
		dies: (how: string) => life.resolve(how),
		answers: (line: string) => appendFileSync(paths.answers, `${line}\n`),
		console: (line: string) => appendFileSync(paths.console, `${line}\r\n`),
		/** What was asked of it so far. */
		asked(): string {
			const buffer = Buffer.alloc(65_536);
			try {
				return buffer.subarray(0, readSync(reading, buffer)).toString();
			} catch {
				return '';
			}
		}
	};
}

describe('a guest', () => {
	test('answers what it is asked, once it is ready', async () => {
		const fake = fakeGuest();
		const answer = fake.guest.script('uname -r');
		fake.answers('ready 7.2.12');
		await vi.waitFor(() => expect(fake.asked()).toBe(`${process.pid}.1 8 -\nuname -r`));
		fake.answers(`answer ${process.pid}.1 0 ${Buffer.from('7.2.12\n').toString('base64')}`);
		expect(await answer).toEqual({code: 0, output: '7.2.12\n'});
	});

	test('is heard on its console line by line, from now on', async () => {
		const fake = fakeGuest();
		const heard: string[] = [];
		fake.guest.follow(line => heard.push(line));
		fake.console('[    0.5] numbers: init');
		await vi.waitFor(() => expect(heard).toEqual(['[    0.5] numbers: init']));
	});

	test('that gives no sign of life is ended, and its last words are kept', async () => {
		const fake = fakeGuest({silence: 300});
		fake.answers('ready 7.2.12');
		await fake.guest.ready;
		fake.console('[    9.1] numbers: entering a loop');
		const answer = fake.guest.script('insmod numbers.ko');
		await expect(answer).rejects.toThrow('the guest gave no sign of life for 0.3 s and was ended');
		expect(fake.end).toHaveBeenCalledTimes(1);
		expect(fake.guest.lastWords()).toEqual(['[    9.1] numbers: entering a loop']);
	});

	test('that beats lives on, idle or not', async () => {
		const fake = fakeGuest({silence: 300});
		fake.answers('ready 7.2.12');
		const beating = setInterval(() => fake.answers('beat'), 100);
		onTestFinished(() => clearInterval(beating));
		await new Promise(resolve => setTimeout(resolve, 900));
		expect(fake.guest.why()).toBeUndefined();
	});

	test('that does not start is ended', async () => {
		const fake = fakeGuest({boot: 200});
		await expect(fake.guest.ready).rejects.toThrow('the guest did not start within 0.2 s and was ended');
	});

	test('that panicked is said to have, whatever its process says', async () => {
		const fake = fakeGuest();
		fake.answers('ready 7.2.12');
		const answer = fake.guest.script('insmod numbers.ko');
		await vi.waitFor(() => expect(fake.asked()).not.toBe(''));
		fake.console('[    9.1] Kernel panic - not syncing: Fatal exception');
		fake.dies('the guest powered off');
		await expect(answer).rejects.toThrow('the guest’s kernel panicked: Kernel panic - not syncing: Fatal exception');
	});

	test('that lives on and does not do what it was asked is ended', async () => {
		const fake = fakeGuest({answer: 300});
		fake.answers('ready 7.2.12');
		const beating = setInterval(() => fake.answers('beat'), 100);
		onTestFinished(() => clearInterval(beating));
		await expect(fake.guest.script('insmod loops.ko')).rejects.toThrow(
			'the guest did not do what it was asked within 0.3 s and was ended'
		);
		expect(fake.end).toHaveBeenCalledTimes(1);
	});

	test('that is cut off in the middle of a line said that too, and its console is kept', async () => {
		const fake = fakeGuest();
		appendFileSync(fake.guest.paths.console, '[    9.1] numbers: init\r\n[    9.2] Kernel panic - not syn');
		fake.dies('qemu was ended by SIGKILL');
		expect(await fake.guest.ended).toBe('qemu was ended by SIGKILL');
		expect(fake.guest.lastWords()).toEqual(['[    9.1] numbers: init', '[    9.2] Kernel panic - not syn']);
		expect(fake.guest.log()).toBe(fake.log);
		await fake.guest.stop();
		expect(readFileSync(fake.log, 'utf8')).toMatch(/init\r\n.*not syn$/);
	});

	test('that is stopped leaves nothing', async () => {
		const fake = fakeGuest();
		fake.console('[    0.5] numbers: init');
		await fake.guest.stop();
		expect([fake.guest.log(), existsSync(fake.log), existsSync(fake.guest.paths.folder)]).toEqual([
			undefined,
			false,
			false
		]);
	});

	test('that is gone takes no more requests', async () => {
		const fake = fakeGuest();
		fake.answers('ready 7.2.12');
		await fake.guest.ready;
		fake.dies('qemu stopped with code 1');
		await expect(fake.guest.script('true')).rejects.toThrow('qemu stopped with code 1');
	});

	test('whose console holds escape sequences shows none', async () => {
		const fake = fakeGuest();
		fake.console('\u001b[2Jhello');
		await vi.waitFor(() => expect(fake.guest.lastWords()).toEqual(['hello']));
	});
});
