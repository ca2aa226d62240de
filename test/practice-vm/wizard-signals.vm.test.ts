import {existsSync, readFileSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {openPty} from '../support/pty.ts';
import {borrowRoot, emptyFolder, expectNothingLeft, kdirOf, node, ofPractice, program} from './practice.ts';
import {firstQuestion, later, openWizard, press} from './wizard.ts';

const place = borrowRoot();

/** What stty says of a terminal that gives whole lines and shows what is typed. */
const isSane = /[^-]icanon [\s\S]*[^-]echo /;

describe('interrupted', () => {
	test('Ctrl-C while the guest starts: it is gone, and the walk goes on', async () => {
		const wizard = openWizard(place, ['practice']);
		await press(wizard, 'starting the practice VM', '\u0003');
		await wizard.waitFor('Stopped: Start the practice VM.');
		await expect.poll(() => ofPractice(place.folder), {timeout: 8000}).toEqual([]);
		wizard.type('\r');
		await press(wizard, /Start it\?[\s\S]* ❯ Start the practice VM/, '\r');
		await press(wizard, firstQuestion, 'q', later);
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130]
	])('%s at a question: %i, and no guest is left', async (signal, code) => {
		const wizard = openWizard(place, ['practice']);
		await wizard.waitFor(firstQuestion, later);
		process.kill(wizard.pid, signal);
		expect((await wizard.exit).exitCode).toBe(code);
		expect(ofPractice(place.folder)).toEqual([]);
	});

	test('Ctrl-C while the metadata is made: nothing is left of the work, and the terminal is as it was', async () => {
		const lost = join(kdirOf(place).outside, 'rust/libcore.rmeta');
		renameSync(lost, `${lost}.away`);
		onTestFinished(() => renameSync(`${lost}.away`, lost));
		const wizard = openWizard(place, ['practice'], {before: ['sh', '-c', '"$@"; echo "ended with $?"; stty -a', 'sh']});
		await press(wizard, /compiling rust\/[\s\S]*RUSTC L rust/, '\u0003', later);
		await wizard.waitFor('Stopped: Start the practice VM.');
		await expectNothingLeft(place);
		expect(existsSync(join(place.root, 'var/tmp/linux-rust-setup'))).toBe(false);
		wizard.type('q');
		await wizard.waitFor(/ended with 1\n[\s\S]*[^-]icanon [\s\S]*[^-]echo /);
		expect(wizard.showsCursor()).toBe(true);
	});

	test('kill -9 at a question: the shell has its terminal back, and no guest is left', async () => {
		const cwd = emptyFolder();
		const shell = openPty(['bash', '--norc', '-i'], {
			cwd,
			environment: {HOME: cwd, PS1: 'go on> ', XDG_CACHE_HOME: place.cache, XDG_STATE_HOME: cwd}
		});
		await shell.waitFor('go on>');
		shell.type(`sh -c 'echo $$ > pid; exec "$@"' sh ${node} ${program} practice\r`);
		await shell.waitFor(firstQuestion, later);
		process.kill(Number(readFileSync(join(cwd, 'pid'), 'utf8')), 'SIGKILL');
		await shell.waitFor(/Killed[\s\S]*go on>/);
		shell.type('stty -a\r');
		await shell.waitFor(isSane);
		await expectNothingLeft(place);
	});

	test('a terminal that is closed takes the guest with it', async () => {
		const wizard = openWizard(place, ['practice']);
		await wizard.waitFor(firstQuestion, later);
		wizard.hangUp();
		await expect.poll(() => ofPractice(place.folder), {timeout: 15_000}).toEqual([]);
	});
});
