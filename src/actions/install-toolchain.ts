import type {Exit} from '../model/machine.ts';
import type {ToolchainInstall} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {freeSpaceFor, runningRustup, toolchainState} from '../survey/rustup.ts';
import {createProgressReader} from '../toolchain/progress.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {newLog, type Stage} from './stage.ts';

/** Bytes that a toolchain of the minimal profile takes while it is unpacked (529 MB and its downloads, measured with 1.97.1). */
const needed = 800_000_000;

/** How rustup speaks to us. Without `always` it shows no progress into a file; its own patience with a dead link is 180 s, twice. */
const manners = {RUSTUP_TERM_PROGRESS_WHEN: 'always', RUSTUP_TERM_WIDTH: '100', RUSTUP_DOWNLOAD_TIMEOUT: '30'};

/**
 * Installs a toolchain with rustup. What counts is what is in rustup's folder afterwards, whatever rustup said: its words and
 * exit codes do not tell (a second rustup may have done the work). Nothing half-installed is left, which rustup would list as installed.
 */
export async function performInstallToolchain(install: ToolchainInstall, stage: Stage): Promise<Outcome> {
	const {toolchain, home} = install;
	const look = () => toolchainState(stage.reader, home, toolchain);
	const before = await look();
	// rustup asks its server even about what is there, and fails where that cannot be reached
	if (before === 'whole') {
		stage.emit({kind: 'notice', text: `the toolchain ${toolchain} is there already`});
		return {kind: 'ok'};
	}
	if (before === 'half') {
		const other = await runningRustup(stage.reader, home);
		if (other !== undefined)
			return {
				kind: 'refused',
				why: `the toolchain ${toolchain} is half there, and a rustup that may be installing it is at work (process ${other}): wait until it has ended`
			};
	}
	const free = await freeSpaceFor(stage.reader, home);
	if (free !== undefined && free < needed)
		return {
			kind: 'refused',
			why: `${Math.floor(free / 1e6)} MB are free where ${home} is, and a toolchain takes about ${needed / 1e6} MB while it is unpacked`
		};
	// rustup would take up the half, and install the components of another profile besides
	if (before === 'half') await remove(install, stage);
	const {exit, output, log} = await runInstaller(install, stage);
	if ((await look()) === 'whole') return {kind: 'ok'};
	const left = await sweep(install, stage, look);
	if (exit.kind === 'cancelled') return {kind: 'cancelled', note: `${left ?? 'Finished downloads are kept'}.`};
	const title = `rustup ${describeExit(exit)}, and the toolchain ${toolchain} is not there`;
	return {
		kind: 'failed',
		trouble: await troubleFrom({title: left === undefined ? title : `${title}. ${left}`, output, exit, log})
	};
}

/** Takes back what is half there. Gives a sentence about it, without its full stop, where there was something. */
async function sweep(
	install: ToolchainInstall,
	stage: Stage,
	look: () => ReturnType<typeof toolchainState>
): Promise<string | undefined> {
	const {toolchain, home, uninstall} = install;
	if ((await look()) !== 'half') return undefined;
	const other = await runningRustup(stage.reader, home);
	if (other !== undefined)
		return `The toolchain ${toolchain} is half there and left alone, because another rustup is at work (process ${other})`;
	await remove(install, stage);
	return (await look()) === 'absent'
		? 'What was half installed is removed again, finished downloads are kept'
		: `Half of the toolchain is left below ${home}/toolchains; ${uninstall.argv.join(' ')} removes it`;
}

/** Not stopped by the Ctrl-C that made it necessary. */
async function remove({toolchain, uninstall}: ToolchainInstall, stage: Stage): Promise<void> {
	stage.emit({kind: 'phase', text: `removing the half of ${toolchain} that is there`});
	const running = await stage.runner.run(uninstall);
	await running.exit;
}

/** Runs rustup: its progress becomes progress, the rest of its words output, and all of it is in the log. */
async function runInstaller(
	{toolchain, command}: ToolchainInstall,
	stage: Stage
): Promise<{readonly exit: Exit; readonly output: string; readonly log: string}> {
	stage.emit({kind: 'phase', text: `installing ${toolchain} with rustup`});
	const log = await newLog(stage, 'rustup');
	stage.emit({kind: 'log', file: log});
	const progress = createProgressReader();
	let output = '';
	const say = (text: string): void => {
		if (text === '') return;
		output += text;
		stage.emit({kind: 'output', text});
	};
	const running = await stage.runner.run(
		{...command, env: {...manners, ...command.env}},
		{
			log,
			onOutput(text) {
				const {rest, progress: now} = progress.push(text);
				say(rest);
				if (now !== undefined) stage.emit({kind: 'progress', ...now});
			}
		}
	);
	const cancel = (): void => running.cancel();
	if (stage.signal.aborted) cancel();
	stage.signal.addEventListener('abort', cancel, {once: true});
	const exit = await running.exit;
	stage.signal.removeEventListener('abort', cancel);
	say(progress.end());
	return {exit, output, log};
}
