import type {Command} from '../model/command.ts';
import type {PackageBuild} from '../model/recipe.ts';
import type {Outcome} from '../model/walk.ts';
import {troubleFrom} from './explain.ts';
import type {Consents} from './recipe-consent.ts';
import {readInfo} from './recipe-info.ts';
import {performRun} from './run.ts';
import type {Stage} from './stage.ts';

/**
 * Installs the packages that the reviewed recipe needs to be built and pacman does not have, so that makepkg itself needs no root.
 * pacman gets the terminal and asks; where nobody is asked it runs behind `sudo -n`.
 */
export async function performInstallBuildDependencies(
	build: PackageBuild,
	planned: Command,
	stage: Stage,
	consents: Consents
): Promise<Outcome> {
	stage.emit({kind: 'phase', text: 'looking at what the recipe needs'});
	const read = await readInfo(build, stage, consents);
	if (!read.ok) return read.outcome;
	const {dependencies} = read.info;
	if (dependencies.length === 0) return {kind: 'ok'};
	// 127: some are missing, and named (pacman(8), --deptest)
	const tested = await stage.reader.probe(['pacman', '--deptest', '--', ...dependencies], {timeout: 30_000});
	if (tested.status !== 'found')
		return {
			kind: 'refused',
			why: tested.status === 'absent' ? 'pacman is not installed, and makepkg asks it' : tested.why
		};
	const {code, stdout, stderr} = tested.value;
	if (code === 0) return {kind: 'ok'};
	const missing = stdout.split('\n').filter(line => dependencies.includes(line));
	if (code !== 127 || missing.length === 0)
		return {
			kind: 'failed',
			trouble: await troubleFrom({
				title: `pacman --deptest stopped with code ${code}`,
				output: stderr,
				exit: {kind: 'exited', code}
			})
		};
	const isAsked = stage.handOver !== undefined;
	const options = isAsked ? [] : ['--noconfirm'];
	return performRun(
		{
			kind: 'run',
			title: `installing what the build needs: ${missing.join(' ')}`,
			stage: 'other',
			command: {
				...planned,
				argv: ['pacman', '-S', '--needed', '--asdeps', ...options, '--', ...missing],
				terminal: isAsked ? 'handed-over' : 'captured'
			}
		},
		stage
	);
}
