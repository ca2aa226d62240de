// How long a line of the kernel log takes to the terminal, from the write to /dev/kmsg until it is painted: by `log`, and on the
// wizard's screen.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {bundleProgram} from '../../test/support/bundle.ts';
import {node, root} from '../ensure.js';
import {ms} from './measure.js';
import {environment, scratch} from './scene.js';
import {onTerminal} from './terminal.js';

const lines = 100;
const limit = 50;
const name = 'linux_rust_setup_bench';

/** Opened anew for each line: the kernel takes ten at a time from a writer, then none for a while (devkmsg_write, kernel/printk/printk.c). */
const say = text => writeFileSync('/dev/kmsg', `<6>${name}: ${text}\n`);

export async function kernelLine() {
	try {
		say('begins');
	} catch {
		// only root may write there
		return [];
	}
	return [
		await measured('by log', [join(root, 'bin/linux-rust-setup.js'), 'log', name], /Ctrl-C stops/),
		await measured('on the wizard’s screen', [await bundledScreen(), name], /leave it loaded/)
	];
}

async function measured(where, words, ready) {
	const screen = onTerminal(node, words, {cwd: scratch(), env: environment(scratch())});
	const taken = [];
	try {
		await screen.painted(ready);
		for (let line = 1; line <= lines; line++) {
			// not in step with who looks
			await wait(20 + 40 * Math.random());
			const painted = screen.painted(new RegExp(`line ${line} of ${lines}(?!\\d)`));
			const said = performance.now();
			say(`line ${line} of ${lines}`);
			taken.push((await painted) - said);
		}
	} finally {
		await screen.leave('\u0003');
	}
	taken.sort((one, other) => one - other);
	const most = taken[Math.ceil(0.95 * lines) - 1];
	return {
		what: `a line of the kernel log ${where}, 95 of ${lines} within`,
		ours: ms(most),
		peer: '',
		value: '',
		limit: ms(limit),
		ok: most <= limit,
		notes: [`half of them within ${taken[lines / 2].toFixed(1)} ms`]
	};
}

/** The screen as a program of its own: in the wizard it comes up only after a module was loaded, which a measured machine need not be able to. */
async function bundledScreen() {
	const outfile = join(scratch(), 'screen.mjs');
	await bundleProgram('scripts/bench/kernel-screen.jsx', outfile);
	return outfile;
}
