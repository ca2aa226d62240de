import {execFileSync} from 'node:child_process';
import {copyFileSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {type Guest, speakWith} from '../../src/practice/guest.ts';
import {findLaunched} from '../../src/practice/launch.ts';
import {borrowRoot, emptyFolder, type Place, run} from './practice.ts';

const at = borrowRoot();

/** What each template says in a kernel of the newest generation, while it is loaded and when it is unloaded. */
const words: Readonly<Record<string, readonly string[]>> = {
	hello: ['Hello from Rust', 'Goodbye from Rust'],
	numbers: ['My numbers are [72, 108, 200]'],
	parameters: ['Hello 1 of 3', 'Hello 3 of 3', 'Goodbye after 3'],
	'misc-device': ['Hello, my device is coming']
};

const nameOf = (template: string): string => `my_${template.replace('-', '_')}`;

/** The guest that `practice start` left, spoken with by whoever tries its modules by hand. */
async function runningGuest(): Promise<Guest> {
	const launched = await findLaunched(join(at.folder, 'guest'));
	if (launched === undefined) throw new Error('no guest runs');
	return speakWith(launched);
}

/** Builds the template's program as its user would, but for a guest without libraries. */
function buildTalk({root}: Place, folder: string): Uint8Array {
	copyFileSync(join(folder, 'user/talk.c'), join(root, 'tmp/talk.c'));
	execFileSync('chroot', [root, 'gcc', '-Wall', '-Werror', '-static', '-s', '-o', '/tmp/talk', '/tmp/talk.c']);
	return readFileSync(join(root, 'tmp/talk'));
}

test('every template is built, loaded and heard; the parameter is obeyed, the device is written, read and controlled', async () => {
	const cwd = emptyFolder();
	expect((await run(['practice', 'start'], {at, cwd})).code).toBe(0);
	for (const [template, lines] of Object.entries(words)) {
		const ended = await run(['practice', '--yes', '--template', template, '--name', nameOf(template)], {at, cwd});
		expect(ended.code, `${template}:\n${ended.stderr.slice(-2000)}`).toBe(0);
		for (const line of lines) expect(ended.stdout, template).toContain(line);
	}

	const guest = await runningGuest();
	const ko = (template: string): Uint8Array => readFileSync(join(cwd, nameOf(template), `${nameOf(template)}.ko`));
	await guest.put('/tmp/parameters.ko', ko('parameters'));
	await guest.put('/tmp/device.ko', ko('misc-device'));
	await guest.put('/tmp/talk', buildTalk(at, join(cwd, nameOf('misc-device'))));

	const asked = await guest.script(
		'dmesg -c > /dev/null; insmod /tmp/parameters.ko times=2 && rmmod my_parameters; dmesg'
	);
	expect(asked.output).toContain('Hello 2 of 2');
	expect(asked.output).not.toContain('Hello 3');
	expect(asked.output).toContain('Goodbye after 2');
	const refused = await guest.script('insmod /tmp/parameters.ko times=-1; echo "ended with $?"; rmmod my_parameters');
	expect(refused.output).toMatch(/ended with [1-9]/);

	const talked = await guest.script(`
		dmesg -c > /dev/null
		insmod /tmp/device.ko && chmod +x /tmp/talk && /tmp/talk 'A note of mine'
		echo "talk ended with $?"
		exec 5<> /dev/${nameOf('misc-device')}
		rmmod ${nameOf('misc-device')} 2> /dev/null; echo "while it is open, rmmod ended with $?"
		exec 5>&-
		rmmod ${nameOf('misc-device')}; echo "afterwards with $?"
		ls /dev/${nameOf('misc-device')} 2> /dev/null
		dmesg`);
	expect(talked.output.split('\n').slice(0, 6)).toEqual([
		'It kept: A note of mine',
		'It adds: 40 and 2 are 42',
		'It refuses what it does not know.',
		'talk ended with 0',
		'while it is open, rmmod ended with 1',
		'afterwards with 0'
	]);
	for (const line of ['Opened', 'Noted 14 bytes', 'Added 40', 'Added 2', 'Closed'])
		expect(talked.output).toMatch(new RegExp(`${nameOf('misc-device')}: ${line}$`, 'm'));
	expect(talked.output).not.toMatch(/BUG|Oops|WARNING/);
	await guest.stop();
});
