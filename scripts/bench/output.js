// 100,000 lines of a build through the wizard's window, against `cat` of the same lines to the same terminal.
import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {node, root} from '../ensure.js';
import {inTurns, ratio} from './measure.js';
import {environment, moduleScene, scratch} from './scene.js';
import {onTerminal} from './terminal.js';

const lines = 100_000;
const mostMemory = 120;

export async function output(count) {
	const scene = moduleScene('cat $(CURDIR)/../lines');
	const file = join(scene.folder, 'lines');
	const text = Array.from(
		{length: lines},
		(_, index) => `${`  CC [M]  drivers/net/bench/file-${index}`.padEnd(45)}.o\n`
	).join('');
	writeFileSync(file, text);
	const state = scratch();
	const options = {cwd: scene.module, env: environment(state)};
	// make's own words about the folder it enters are part of the log
	const expected = execFileSync('make', scene.make, {
		...options,
		env: {...options.env, LC_ALL: 'C.UTF-8'},
		maxBuffer: 2 ** 26
	});

	const peaks = [];
	let complete = true;
	const {wizard, cat} = await inTurns(count, {
		async wizard() {
			const screen = onTerminal(
				node,
				[join(root, 'bin/linux-rust-setup.js'), ...scene.flags, '--module', scene.module],
				options
			);
			await untilBuild(screen);
			const started = performance.now();
			screen.press('\r');
			// the first screen of the next look at the machine: the run is over, and all of its output was taken
			const painted = await screen.painted(/Ctrl-C stop[\s\S]*(?:looking|q quit)/);
			await screen.painted(/q quit/);
			peaks.push(peakOf(screen.pid));
			await screen.leave('q');
			complete &&= newestLog(state).equals(expected);
			return painted - started;
		},
		async cat() {
			const plain = onTerminal('cat', [file], options);
			return (await plain.exit).at - plain.started;
		}
	});
	const peak = Math.max(...peaks);
	return [
		ratio(
			`${lines.toLocaleString('en')} lines (${(text.length / 1e6).toFixed(1)} MB) of a build in the wizard, against cat`,
			wizard,
			cat,
			1.5
		),
		{
			what: 'memory of the wizard at its highest, same builds',
			ours: `${peak.toFixed(0)} MB`,
			peer: '',
			value: '',
			limit: `${mostMemory} MB`,
			ok: peak <= mostMemory
		},
		{
			what: 'log file of each build, byte for byte what make prints',
			ours: complete ? 'equal' : 'differs',
			peer: '',
			value: '',
			limit: 'equal',
			ok: complete
		}
	];
}

/** Leaves for later what this machine lacks, until the build is the decision. */
async function untilBuild(screen) {
	for (;;) {
		await screen.painted(/q quit/);
		if (screen.text().includes('Build numbers')) return;
		if (!screen.text().includes('Leave it for later')) throw new Error(`The build is not offered:\n${screen.text()}`);
		screen.press('\u001b[F');
		await screen.painted(/❯ Leave it for later/);
		screen.press('\r');
	}
}

/** Highest resident memory of a process so far, in megabytes. */
const peakOf = pid => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

function newestLog(state) {
	const folder = join(state, 'linux-rust-setup/logs');
	const [newest] = readdirSync(folder).sort().reverse();
	return readFileSync(join(folder, newest));
}
