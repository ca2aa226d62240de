import {join} from 'node:path';
import {createLocalReader} from '../machine/reader.ts';
import {stateFolder} from '../machine/state-folder.ts';
import {recall} from '../memory/read.ts';
import type {Reader, User} from '../model/machine.ts';
import {updateLines} from '../plain/since.ts';
import {changesSince} from '../steps/facts.ts';
import {steps} from '../steps/steps.ts';
import {createView} from '../survey/view.ts';
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
	const lines = await Promise.race([look().catch(() => []), late]);
	if (lines.length > 0) await say(`${lines.join('\n')}\n`);
	// what is still being looked at is not waited for
	process.exit(exitCodes.done);
}

async function look(): Promise<readonly string[]> {
	const own = createLocalReader();
	const user = (await userBehind(own)) ?? own.user;
	const environment = user === own.user ? own.environment : {HOME: user.home, PATH: own.environment['PATH']};
	const reader: Reader = {
		...own,
		user,
		environment,
		cwd: '/',
		probe: async ([program]) => ({status: 'unknown', why: `${program} is not run by a hook`})
	};
	const recalled = await recall(stateFolder(reader), user.uid);
	const {green} = recalled.memory;
	if (green === undefined) return [];
	const view = createView({builder: reader, target: reader, named: {}, memory: recalled.memory});
	const judged = await inspectAll(steps, view);
	const since = await changesSince(green, view, judged);
	return since === undefined ? [] : updateLines(since, judged);
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
