import {describe, expect, test} from 'vitest';
import type {Remedy, Verdict} from '../../src/model/step.ts';
import type {Judged} from '../../src/model/walk.ts';
import {checklistText, linearText} from '../../src/plain/checklist.ts';
import {inspectScene, sceneNames, scenes} from '../support/scenes.ts';

const plain = {ascii: false, color: false};

describe('for a person at a terminal', () => {
	test('the Rust kernel is installed, another one runs', async () => {
		expect(
			await checklistText(await inspectScene(scenes['Arch with linux-rust installed, stock linux running']), plain)
		).toBe(
			` ✔ machine    x86_64 · 41 GB free · Secure Boot off
 ✔ kernel     linux-rust 6.12.117-arch1-1-rust has Rust support
 ○ boot       to do: another kernel is running (6.12.1-arch1-1)
 ✔ toolchain  rustc 1.85.1 · /home/me/.rustup/toolchains/1.85.1-x86_64-unknown-linux-gnu/bin/rustc
 ✔ metadata   complete, 9 files
 ○ module     to do: no module yet
 ■ build      blocked: waits for module
 ■ load       blocked: waits for boot

The Rust kernel is installed, but not the one running. Boot it?
 · Reboot, and choose linux-rust in the boot menu
     Close your work first. Start this program again afterwards: it goes on where it stopped.
     sudo reboot
       why: starts the machine anew
     When the machine starts, choose linux-rust in the boot menu (GRUB: "Advanced options"; systemd-boot: hold a key while the machine starts).
 · Try it in a disposable VM first
     Seconds. The VM runs 6.12.117-arch1-1-rust in memory, without disk and network; nothing is chosen for the next boot. Modules for it are built here. qemu-system-x86_64 and busybox are installed for it, if you agree.
     linux-rust-setup practice --installed 6.12.117-arch1-1-rust
       why: runs this kernel in a virtual machine that is thrown away
`
		);
	});

	test('all done: nothing but the list', async () => {
		const text = await checklistText(await inspectScene(scenes['Arch, all done']), plain);
		expect(text.split('\n')).toHaveLength(9);
		expect(text).not.toMatch(/blocked|to do/);
	});

	test.each(sceneNames)('%s: ASCII where it is asked for', async name => {
		const judged = await inspectScene(scenes[name]);
		const text = await checklistText(judged, {ascii: true, color: false});
		expect(text).toMatch(/^ \[[x ]\] machine {4}[^\n]*\n \S/);
		expect(text + (await linearText(judged, {ascii: true}))).toMatch(/^[\u0000-\u007f]*$/);
	});

	test('colour only repeats what mark and word say', async () => {
		const judged = await inspectScene(scenes['Arch, sources changed since the build']);
		const coloured = await checklistText(judged, {ascii: false, color: true});
		expect(coloured).toContain('\u001b[');
		expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(await checklistText(judged, plain));
	});
});

describe('for pipes and screen readers', () => {
	test('the compiler of another vendor', async () => {
		const path = '/home/me/.rustup/toolchains/1.93.1-x86_64-unknown-linux-gnu/bin/rustc';
		const lines = (await linearText(await inspectScene(scenes['Fedora, rustup with the same number']), plain)).split(
			'\n'
		);
		expect(lines.slice(0, 17)).toEqual([
			'machine: done: x86_64 · 41 GB free · Secure Boot off',
			'kernel: done: 6.18.3-200.fc44.x86_64 has Rust support',
			'boot: done: running 6.18.3-200.fc44.x86_64',
			'toolchain: to do: rustc 1.93.1 (Fedora 1.93.1-1.fc43) is not here',
			'toolchain: reason: toolchain.vendor-differs',
			`toolchain: question: No compiler here is the one that built this kernel. The nearest is ${path}. Both are rustc 1.93.1, but the kernel's carries the mark (Fedora 1.93.1-1.fc43) and this one no mark of a builder: rustc reads only metadata whose whole version text equals its own.`,
			'toolchain: evidence: the kernel wants: rustc 1.93.1 (01f6ddf75 2026-02-11) (Fedora 1.93.1-1.fc43) (/usr/lib/modules/6.18.3-200.fc44.x86_64/build/rust/libcore.rmeta)',
			`toolchain: evidence: installed: rustc 1.93.1 (01f6ddf75 2026-02-11) (${path} (rustup toolchain 1.93.1))`,
			'toolchain: evidence: make: /usr/bin/make',
			'toolchain: evidence: x86_64-linux-gnu-gcc-16: /usr/bin/x86_64-linux-gnu-gcc-16',
			'toolchain: evidence: ld: /usr/bin/ld',
			"toolchain: remedy: vendor-compiler: Install the distribution's own rustc (Fedora 1.93.1-1.fc43)",
			'toolchain: consequence: rustup cannot help here: the whole string must be equal, and no compiler of rustup has this one.',
			'toolchain: command: sudo dnf install rust-1.93.1-1.fc43 (names the very build)',
			"toolchain: instruction: It fits if rustc --version prints exactly: rustc 1.93.1 (01f6ddf75 2026-02-11) (Fedora 1.93.1-1.fc43). Where the repository has moved on, Fedora's build system keeps it: koji download-build --arch=x86_64 rust-1.93.1-1.fc43",
			'toolchain: remedy: other-kernel: Use a kernel whose compiler can be had',
			'toolchain: consequence: A kernel that you build yourself is built by a compiler that you have.'
		]);
		expect(lines).toContain('metadata: done: complete, 11 files');
		expect(lines).toContain('module: to do: no module yet');
		expect(lines.slice(-3)).toEqual(['build: blocked: waits for toolchain', 'load: blocked: waits for build', '']);
	});

	test('every question has the flag that answers it', async () => {
		const text = await linearText(
			await inspectScene(scenes['Arch with linux-rust installed, stock linux running']),
			plain
		);
		for (const template of ['hello', 'numbers', 'parameters'])
			expect(text).toContain(`module: answer with: --template ${template} --name NAME\n`);
		expect(text).toContain('module: answer with: --module FOLDER\n');
	});

	test.each(sceneNames)('%s: every line begins with its step, and none is empty', async name => {
		const text = await linearText(await inspectScene(scenes[name]), plain);
		expect(text.endsWith('\n')).toBe(true);
		for (const line of text.trimEnd().split('\n'))
			expect(line).toMatch(/^(machine|kernel|boot|toolchain|metadata|module|build|load): \S/);
	});
});

test('what came from outside cannot steer a terminal', async () => {
	const evil = 'x\u001b]0;owned\u0007\u202e';
	const remedy: Remedy = {
		id: `select-${evil}`,
		label: 'Do it',
		answer: `--rustc ${evil}`,
		undo: evil,
		questions: [],
		plan: () => ({
			ok: true,
			actions: [
				{
					kind: 'by-you',
					text: evil,
					commands: [{argv: ['echo', evil], as: 'user', terminal: 'captured', interrupt: 'group', why: 'shows'}]
				}
			]
		})
	};
	const verdict: Verdict = {
		status: 'todo',
		reason: 'boot.other-running',
		summary: 's',
		question: 'Q.',
		evidence: [],
		remedies: [remedy]
	};
	const judged: readonly Judged[] = [{id: 'boot', question: 'Q?', verdict}];
	for (const text of [await linearText(judged, plain), await checklistText(judged, plain)]) {
		expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
		expect(text).toContain("echo $'x\\x1b]0;owned\\x07");
	}
});
