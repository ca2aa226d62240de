import type {PackageInstall} from '../model/boot.ts';
import type {Command} from '../model/command.ts';
import type {Exit} from '../model/machine.ts';
import type {Outcome} from '../model/walk.ts';
import {type InstalledKernel, lookAtInstalled} from '../survey/installed-kernel.ts';
import {unmountedBootFolders} from '../survey/mounts.ts';
import {findPackages, pacmanLock} from '../survey/packages.ts';
import {installWhy} from '../text/install.ts';
import {quoteWord, renderCommand} from '../text/quote.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {becomeRoot, newLog, type Stage} from './stage.ts';

/**
 * Installs packages that makepkg built. pacman is out of reach of Ctrl-C: interrupted in a hook it ends with 0 and the hook is
 * killed half-way (pacman 7.0). What counts is what is there afterwards, whatever pacman said. Until then the packages are
 * remembered, so that an installation that could not be done is offered again.
 */
export async function performInstallPackages(install: PackageInstall, stage: Stage): Promise<Outcome> {
	const {names, folder} = install;
	const found = await findPackages(stage.reader, install);
	if (found.status !== 'found')
		return {kind: 'refused', why: found.status === 'unknown' ? found.why : 'nothing is built'};
	const command: Command = {
		argv: ['pacman', '-U', '--noconfirm', ...found.value.files],
		as: 'root',
		terminal: 'captured',
		interrupt: 'never',
		why: installWhy
	};
	await note(stage, install);
	const kept = `The packages are kept in ${folder}`;
	const hindered = await hindrance(stage);
	if (hindered !== undefined) return {...hindered, why: `${hindered.why}. ${kept}`};
	const {uid} = stage.reader.user;
	if (uid !== 0 && (await stage.reader.which('sudo')).status === 'absent')
		return {
			kind: 'refused',
			why: `sudo is not installed, and pacman needs root. ${kept}`,
			command: asRootByHand(command)
		};
	const root = await becomeRoot(stage, command);
	if (!root.ok)
		return {
			kind: 'refused',
			why: `${root.why}: the password was not the right one or not given in time, or this account may not run it. ${kept}`,
			command: root.command
		};
	// pressed while sudo asked
	if (stage.signal.aborted) return {kind: 'cancelled', note: `Nothing was installed. ${kept}.`};
	const since = Date.now();
	const ran = await runPacman(command, names, stage);
	const installed = await lookAtInstalled(stage.reader, install, since);
	return conclude({install, ran, installed, kept, version: found.value.version}, stage);
}

type Ran = {readonly exit: Exit; readonly output: string; readonly log: string};

async function conclude(
	parts: {
		readonly install: PackageInstall;
		readonly ran: Ran;
		readonly installed: InstalledKernel;
		readonly kept: string;
		readonly version: string;
	},
	stage: Stage
): Promise<Outcome> {
	const {install, ran, installed, kept, version} = parts;
	const {exit, output, log} = ran;
	const isWell = exit.kind === 'exited' && exit.code === 0;
	const {lacks, unseen} = installed;
	const isWhole = isWell && lacks.length === 0;
	if (isWhole) await note(stage, undefined);
	if (isWhole && !hookFailed.test(output)) {
		if (unseen.length > 0)
			stage.emit({
				kind: 'notice',
				text: `only root may look at ${unseen.join(' and ')}: whether pacman's hooks made them is for sudo ls -l to say`
			});
		return stage.signal.aborted
			? {
					kind: 'cancelled',
					note: `pacman is never stopped half-way: ${install.names.join(' and ')} ${version} are installed, complete.`
				}
			: {kind: 'ok'};
	}
	// where pacman itself failed nothing was changed, and what is missing was missing before
	const said = isWell ? lacks.map(({path, what}) => `linux-rust-setup: ${path} ${what}\n`).join('') : '';
	const title = isWell ? `pacman ended, and ${whatIsWrong(lacks)}` : `pacman ${describeExit(exit)}. ${kept}`;
	return {kind: 'failed', trouble: await troubleFrom({title, output: `${output}\n${said}`, exit, log})};
}

function whatIsWrong(lacks: InstalledKernel['lacks']): string {
	// a kernel that does not start comes before headers that are of no use
	const worst = lacks.find(({path}) => !path.includes('/build')) ?? lacks[0];
	return worst === undefined
		? 'one of its hooks failed: what it should have made may be cut off'
		: `${worst.path} ${worst.what}`;
}

/** pacman's own words about a hook, after which it ends with 0 all the same. */
const hookFailed = /^error: command (?:failed to execute correctly|terminated by signal)/m;

async function note(stage: Stage, packages: PackageInstall | undefined): Promise<void> {
	const notice = await stage.remember([{kind: 'packages', packages}]);
	if (notice !== undefined) stage.emit({kind: 'notice', text: notice});
}

const asRootByHand = (command: Command): string => `su -c ${quoteWord(renderCommand(command, {asRoot: true}))}`;

/** What would make pacman fail or do harm, found out before a password is asked for. */
async function hindrance(stage: Stage): Promise<Extract<Outcome, {kind: 'refused'}> | undefined> {
	const lock = await pacmanLock(stage.reader);
	if (lock?.holder !== undefined)
		return {
			kind: 'refused',
			why: `another ${lock.holder.name} is at work (process ${lock.holder.pid}) and holds pacman's database: wait until it has ended, then try again`
		};
	if (lock !== undefined)
		return {
			kind: 'refused',
			why: `${lock.file} locks pacman's database, and no pacman runs: one that was killed has left it. Take it away, then try again`,
			command: `sudo rm ${lock.file}`
		};
	const [unmounted] = await unmountedBootFolders(stage.reader);
	if (unmounted !== undefined)
		return {
			kind: 'refused',
			why: `${unmounted} is in /etc/fstab and not mounted: the kernel would be put where the boot loader does not look. Mount it, then try again`,
			command: `sudo mount ${unmounted}`
		};
	return undefined;
}

/** Runs it to its end. Ctrl-C is answered with words. */
async function runPacman(command: Command, names: readonly string[], stage: Stage): Promise<Ran> {
	stage.emit({kind: 'phase', text: `installing ${names.join(', ')} with pacman`});
	const log = await newLog(stage, 'pacman');
	stage.emit({kind: 'log', file: log});
	const answer = (): void =>
		stage.emit({kind: 'notice', text: 'pacman is not stopped half-way: it ends by itself, in a minute or two'});
	stage.signal.addEventListener('abort', answer, {once: true});
	let output = '';
	const running = await stage.runner.run(command, {
		log,
		onOutput(text) {
			output += text;
			stage.emit({kind: 'output', text});
		}
	});
	const exit = await running.exit;
	stage.signal.removeEventListener('abort', answer);
	return {exit, output, log};
}
