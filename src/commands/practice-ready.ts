import {availableParallelism} from 'node:os';
import {becomeRoot, type Stage} from '../actions/stage.ts';
import type {Command} from '../model/command.ts';
import type {Reader} from '../model/machine.ts';
import type {Consent, Outcome} from '../model/walk.ts';
import {findInstalled} from '../practice/installed.ts';
import {missingNeeds} from '../practice/needs.ts';
import type {PracticePaths} from '../practice/paths.ts';
import {chooseMirror, type PracticeMachine, preparePractice} from '../practice/prepare.ts';
import type {Root} from '../practice/root.ts';
import {perform} from '../practice/run.ts';
import {readStamps} from '../practice/stamps.ts';
import {chooseWay, lacksOnlyNewuidmap} from '../practice/way.ts';
import {familyOf, installCommand} from '../steps/distribution.ts';
import {surveyMachine} from '../survey/machine.ts';

/** More bring nothing: rust/ is mostly a chain of crates, each of which waits for the one before. */
const mostJobs = 4;

export type Ready =
	| {readonly ok: true; readonly practice: PracticeMachine}
	| {readonly ok: false; readonly outcome: Exclude<Outcome, {kind: 'ok'}>};

const refused = (why: string): Ready => ({ok: false, outcome: {kind: 'refused', why}});

/**
 * Sees to it that all practice mode needs is here: its programs and its root. Where something has to be installed or made, what it
 * takes is put to the user first, once, through `agree`. The caller holds the lock.
 */
export async function makeReady(work: {
	readonly host: Reader;
	readonly paths: PracticePaths;
	readonly mirror: string | undefined;
	/** An installed kernel's release: that is run, and no root is made. Undefined: the practice root's own. */
	readonly installed: string | undefined;
	readonly stage: Stage;
	readonly agree: (consent: Consent) => Promise<boolean>;
}): Promise<Ready> {
	const {host, paths, mirror, installed, stage, agree} = work;
	stage.emit({kind: 'phase', text: 'looking for what practice mode needs'});
	const family = familyOf(await surveyMachine(host));
	const isNew = installed === undefined && (await readStamps(paths.stamps)).suite === undefined;
	const purpose = installed !== undefined ? 'installed' : isNew ? await wayOfNew(host, family) : 'root';
	const missing = await missingNeeds(host, family, purpose);
	const install = missing.length === 0 ? undefined : installNeeds(installCommand(family, missing));
	if (missing.length > 0 && install === undefined)
		return refused(`practice mode needs ${missing.join(' and ')}: install them with your package manager`);
	if (isNew || install !== undefined) {
		const consent = consentTo({
			isNew,
			install,
			paths,
			mirror: isNew ? await chooseMirror({host, mirror}) : undefined,
			way: purpose === 'namespace' ? 'namespace' : 'root'
		});
		if (!(await agree(consent))) return {ok: false, outcome: {kind: 'declined'}};
	}
	if (install !== undefined) {
		const outcome = await perform(stage, 'installing what practice mode needs', install);
		if (outcome.kind !== 'ok') return {ok: false, outcome};
	}
	if (installed !== undefined) {
		const found = await findInstalled(host, installed);
		return found.ok ? found : refused(found.why);
	}
	const jobs = Math.max(1, Math.min(mostJobs, availableParallelism()));
	const prepared = await preparePractice({stage, paths, host, mirror, jobs});
	if (prepared.ok) return (await comeIn(stage, prepared.practice.root)) ?? prepared;
	return prepared.outcome.kind === 'ok'
		? refused('the practice root could not be made')
		: {ok: false, outcome: prepared.outcome};
}

/** How a new root is made: without anybody's root where that is possible, or is once newuidmap is installed. */
async function wayOfNew(host: Reader, family: ReturnType<typeof familyOf>): Promise<Root['way']> {
	const way = await chooseWay(host);
	return way === 'root' && family !== 'other' && (await lacksOnlyNewuidmap(host)) ? 'namespace' : way;
}

/** Where a root is worked in through sudo, its password is asked for now, and not in the middle of the walk. */
async function comeIn(stage: Stage, root: Root | undefined): Promise<Ready | undefined> {
	if (root?.way !== 'root') return undefined;
	const allowed = await becomeRoot(stage, {
		argv: ['chroot', root.path],
		as: 'root',
		terminal: 'captured',
		interrupt: 'group',
		why: 'modules are built in the practice root, as you; going in takes root'
	});
	return allowed.ok ? undefined : {ok: false, outcome: {kind: 'refused', why: allowed.why, command: allowed.command}};
}

function installNeeds(argv: Command['argv'] | undefined): Command | undefined {
	if (argv === undefined) return undefined;
	const [program, ...words] = argv;
	return {
		// asked before: the package manager need not ask again
		argv: program === 'apt-get' ? [program, '--yes', '--no-install-recommends', ...words] : [program, ...words],
		as: 'root',
		terminal: 'captured',
		interrupt: 'never',
		why: 'brings the programs that practice mode runs: its kernel runs in QEMU'
	};
}

/** The sizes were measured with 7.2.12; what is there is said exactly when the packages are known. */
function consentTo(parts: {
	readonly isNew: boolean;
	readonly install: Command | undefined;
	readonly paths: PracticePaths;
	readonly mirror: string | undefined;
	readonly way: Root['way'];
}): Consent {
	const {isNew, install, paths, mirror, way} = parts;
	const commands = install === undefined ? [] : [install];
	if (!isNew) return {text: 'Practice mode needs programs that are not here.', facts: [], commands};
	return {
		text: 'Practice mode makes a small Debian with a Rust kernel in a folder of its own, once. Inside that folder it works as root; this system and its kernel stay as they are.',
		facts: [
			{label: 'fetched', value: 'about 550 MB'},
			{label: 'disk', value: '4.5 GB while it is made, 2 GB afterwards'},
			{label: 'mirror', value: mirror ?? 'debootstrap’s own; --mirror URL names another'},
			{label: 'folder', value: paths.folder},
			{
				label: 'as root',
				value:
					way === 'namespace'
						? 'nothing: in a user namespace'
						: 'debootstrap; in the folder, unshare and chroot, until you leave'
			},
			{label: 'removed by', value: 'linux-rust-setup practice clean'}
		],
		commands
	};
}
