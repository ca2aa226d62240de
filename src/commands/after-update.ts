import {join} from 'node:path';
import {createLocalReader} from '../machine/reader.ts';
import {stateFolder} from '../machine/state-folder.ts';
import {recall} from '../memory/read.ts';
import type {Facts} from '../model/facts.ts';
import type {Reader, User} from '../model/machine.ts';
import {updateLines} from '../plain/since.ts';
import {changesSince} from '../steps/facts.ts';
import {steps} from '../steps/steps.ts';
import {installedVersion} from '../survey/packages.ts';
import {createView} from '../survey/view.ts';
import {parseIdentity} from '../toolchain/identity.ts';
import {inspectAll} from '../walk/inspect.ts';
import {exitCodes, say} from './output.ts';

/** A package manager is not kept waiting, in milliseconds. */
const limit = 800;

/**
 * `check --hook`: what a package manager says at the end of an update, as root and without a terminal: a line or two, or nothing.
 * It only reads, runs no program (a user's compiler least of all), and ends with 0 whatever happens.
 */
export async function sayAfterUpdate(): Promise<number> {
	const late = new Promise<readonly string[]>(resolve => {
		setTimeout(resolve, limit, ['linux-rust-setup: run linux-rust-setup check to see what this update means.']).unref();
	});
	const lines = await Promise.race([linesAfterUpdate(createLocalReader()).catch(() => []), late]);
	if (lines.length > 0) await say(`${lines.join('\n')}\n`);
	// what is still being looked at is not waited for
	process.exit(exitCodes.done);
}

/** The lines, from files alone. `own`: of this process's user; what counts is whoever became root to update. */
export async function linesAfterUpdate(own: Reader): Promise<readonly string[]> {
	const user = (await userBehind(own)) ?? own.user;
	const environment = user === own.user ? own.environment : {HOME: user.home, PATH: own.environment['PATH']};
	const {memory} = await recall(stateFolder({...own, user, environment}), user.uid);
	const {green} = memory;
	if (green === undefined) return [];
	const said = await saidByPackage(own, green.rustc);
	const reader: Reader = {
		...own,
		user,
		environment,
		cwd: '/',
		probe: async ([program, word]) =>
			program === green.rustc.path && word === '--version' && said !== undefined
				? {status: 'found', value: {stdout: said, stderr: '', code: 0}}
				: {status: 'unknown', why: `${program} is not run by a hook`}
	};
	const view = createView({builder: reader, target: reader, named: {}, memory});
	const judged = await inspectAll(steps, view);
	const since = await changesSince(green, view, judged);
	return since === undefined ? [] : updateLines(since, judged);
}

/**
 * The version text of the compiler that was chosen, without running it: what it said before where it is of the same package still,
 * else one that names the package. Undefined for a compiler that is not of pacman's package rust.
 */
async function saidByPackage(reader: Reader, rustc: Facts['rustc']): Promise<string | undefined> {
	const version = await installedVersion(reader, 'rust', rustc.path);
	if (version === undefined) return undefined;
	const before = parseIdentity(rustc.text);
	const upstream = version.replace(/^\d+:/, '').replace(/-[^-]+$/, '');
	// Arch's own says which package it is of: (Arch Linux rust 1:1.97.0-1)
	const named = /\brust (\S+)$/.exec(before?.vendor ?? '')?.[1];
	const isSame = named === undefined ? before?.versionText === upstream : named === version;
	return isSame ? rustc.text : `rustc ${upstream} (package rust ${version})`;
}

/** Who became root to update, with the home that /etc/passwd gives them: root's memory knows nothing of their modules. */
async function userBehind(reader: Reader): Promise<User | undefined> {
	const name = reader.environment['SUDO_USER'] ?? reader.environment['DOAS_USER'];
	if (reader.user.uid !== 0 || name === undefined) return undefined;
	const passwd = await reader.readText('/etc/passwd');
	const line = passwd.status === 'found' ? passwd.value.split('\n').find(one => one.startsWith(`${name}:`)) : undefined;
	const [, , uid = '', , , home = ''] = line?.split(':') ?? [];
	return /^\d+$/.test(uid) && home.startsWith('/') ? {uid: Number(uid), name, home: join(home), groups: []} : undefined;
}
