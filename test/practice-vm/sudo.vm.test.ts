import {existsSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {asOrdinaryUser, give} from './ordinary-user.ts';
import {emptyFolder, emptyPlace, expectNothingLeft, ofPractice} from './practice.ts';
import {later, openWizard, press, soon, type Wizard} from './wizard.ts';

// an ordinary user without further ids: root is sudo's, whose password is typed to sudo itself on the real terminal
const at = emptyPlace();
const before = asOrdinaryUser(at, {sudo: true});
const prompt = /\[sudo\] password for dev:\s*$/;

const open = (words: readonly string[]): Wizard =>
	openWizard(at, words, {before, cwd: give(emptyFolder()), environment: {HOME: at.cache}});

/** Agrees to what it takes, gives the password, and waits until debootstrap is at work. */
async function begin(wizard: Wizard): Promise<void> {
	await wizard.waitFor(/ as root +debootstrap; in the folder, unshare and chroot/, soon);
	await press(wizard, ' ❯ Go on', '\r');
	await press(wizard, prompt, 'dev\r');
	await wizard.waitFor(/making a small Debian [\s\S]*I: (?:Retrieving|Validating|Extracting|Unpacking)/, later);
}

test('the command and its reason stand above the prompt; Ctrl-C in the work stops all that root does', async () => {
	const wizard = open(['practice']);
	await wizard.waitFor(' ❯ Go on', soon);
	wizard.type('\r');
	await wizard.waitFor(prompt, soon);
	expect(wizard.screen()).toMatch(
		/sudo asks for your password, once for a few minutes, to run:\n {3}sudo setpriv --pdeathsig KILL -- sh -c '…' sh [\s\S]* rm -rf --one-file-system[\s\S]*root\.part\n {3}why: removes what was half made\n/
	);
	wizard.type('dev\r');
	await wizard.waitFor(/I: (?:Retrieving|Validating|Extracting|Unpacking)/, later);
	wizard.type('\u0003');
	await wizard.waitFor('Stopped: Start the practice VM.', soon);
	await expectNothingLeft(at);
	expect(statSync(join(at.folder, 'root.part')).uid).toBe(0);
	wizard.type('q');
	expect((await wizard.exit).exitCode).toBe(1);
	expect(wizard.showsCursor()).toBe(true);
});

test('kill -9 takes root’s part with it; the next start sweeps what was left, and clean removes all', async () => {
	const first = open(['practice']);
	await begin(first);
	expect(ofPractice(at.folder)).not.toEqual([]);
	// what was put in front of the program became it
	expect(readFileSync(`/proc/${first.pid}/cmdline`, 'utf8')).toContain('linux-rust-setup.js');
	process.kill(first.pid, 'SIGKILL');
	await first.exit;
	await expectNothingLeft(at);

	const second = open(['practice']);
	await begin(second);
	second.type('\u0003');
	await press(second, 'Stopped: Start the practice VM.', 'q', soon);
	await second.exit;
	await expectNothingLeft(at);

	const cleaning = open(['practice', 'clean']);
	await press(cleaning, prompt, 'dev\r');
	expect((await cleaning.exit).exitCode).toBe(0);
	expect(existsSync(at.folder)).toBe(false);
});
