import {readFile, realpath} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {Command} from '../model/command.ts';
import type {Reader} from '../model/machine.ts';
import type {Action} from '../model/step.ts';
import {type Family, familyOf} from '../steps/distribution.ts';
import type {Options} from './options.ts';
import {exitCodes, say, sayJson} from './output.ts';
import {announce, concludePlainly, performPlainly} from './perform.ts';
import {refuse} from './refuse.ts';
import {openSession} from './session.ts';

/** A hook's name in assets/hooks, the folders its package manager documents for an administrator's own, its mode. */
type Hook = {
	readonly name: string;
	readonly folders: readonly [string, ...string[]];
	readonly mode: string;
	readonly runner: string;
};

const hooks: Readonly<Partial<Record<Family, Hook>>> = {
	arch: {name: 'linux-rust-setup.hook', folders: ['/etc/pacman.d/hooks'], mode: '644', runner: 'pacman'},
	debian: {
		name: 'zz-linux-rust-setup',
		folders: ['/etc/kernel/postinst.d', '/etc/kernel/postrm.d'],
		mode: '755',
		runner: 'the kernel package'
	},
	fedora: {
		name: '90-linux-rust-setup.install',
		folders: ['/etc/kernel/install.d'],
		mode: '755',
		runner: 'kernel-install'
	}
};

/** Where a hook looks for this program, and nowhere else: a root process must not run what a user can change. */
const places = ['/usr/local/bin', '/usr/bin'];

/** `hook install|remove|show`: what lets a package manager say what an update means. Shown before it is put in place. */
export async function hook(options: Options): Promise<number> {
	const session = await openSession(options);
	const {reader} = session;
	const hook = hooks[familyOf(await (await session.look()).machine())];
	if (hook === undefined)
		return refuse(
			'hook',
			options,
			'There is a hook for pacman, apt and dnf, and this system has another package manager.'
		);
	const source = join(dirname(await realpath(process.argv[1] ?? '')), '../assets/hooks', hook.name);
	const content = await readFile(source, 'utf8');
	const targets = await Promise.all(
		hook.folders.map(async folder => {
			const file = join(folder, hook.name);
			return {file, present: await reader.readText(file)};
		})
	);
	const there = targets.filter(({present}) => present.status === 'found');

	if (options.words[0] === 'show') {
		const installed = there.length === targets.length;
		const files = targets.map(({file}) => file);
		if (options.json) await sayJson({schema: 1, command: 'hook', files, installed, content});
		else await say(`${files.join('\n')}: ${installed ? 'installed' : 'not installed'}\n\n${content}`);
		return exitCodes.done;
	}
	if (options.words[0] === 'remove') {
		if (there.length === 0) return refuse('hook', options, `${targets[0]?.file} is not there: nothing to remove.`);
		const foreign = there.find(
			({present}) => present.status === 'found' && !present.value.includes('linux-rust-setup')
		);
		if (foreign !== undefined)
			return refuse('hook', options, `${foreign.file} is not of this program, and is left alone.`);
		return carryOut(options, session, [
			asRoot(
				['rm', ...there.map(({file}) => file)],
				`takes the hook away; ${hook.runner} says nothing of modules any more`
			)
		]);
	}
	if (there.length === targets.length)
		return refuse(
			'hook',
			options,
			`${targets[0]?.file} is there already.`,
			'linux-rust-setup hook remove takes it away.'
		);
	const unsafe = await unsafeProgram(reader);
	if (unsafe !== undefined)
		return refuse(
			'hook',
			options,
			`The hook would run this program as root, and ${unsafe}.`,
			'Install it for the whole system first: sudo npm install --global linux-rust-setup'
		);
	const missing = targets.filter(one => !there.includes(one)).map(({file}) => file);
	if (!options.json && !options.quiet) await say(`${missing.join('\n')}:\n\n${content}\n`);
	return carryOut(
		options,
		session,
		missing.map(file =>
			asRoot(
				['install', '-D', '-m', hook.mode, source, file],
				`lets ${hook.runner} run "linux-rust-setup check --hook" after an update, which reads and prints two lines at most`
			)
		)
	);
}

async function carryOut(
	options: Options,
	session: Awaited<ReturnType<typeof openSession>>,
	actions: readonly Action[]
): Promise<number> {
	await announce(session, actions, options);
	if (options.dryRun) return exitCodes.done;
	return concludePlainly('hook', await performPlainly(session, actions, options), options);
}

function asRoot(argv: readonly [string, ...string[]], why: string): Action {
	const command: Command = {argv, as: 'root', terminal: 'captured', interrupt: 'group', why};
	return {kind: 'run', title: `${argv[0]} ${argv.at(-1)}`, stage: 'other', command};
}

/** Why a root process should not run what a hook would find; undefined where only root can change it. */
async function unsafeProgram(reader: Reader): Promise<string | undefined> {
	for (const name of ['linux-rust-setup', 'node']) {
		const candidates = await Promise.all(places.map(folder => reader.realPath(join(folder, name))));
		const found = candidates.find(one => one.status === 'found');
		if (found === undefined) return `${name} is neither in ${places.join(' nor in ')}`;
		const unsafe = await unsafePath(reader, found.value);
		if (unsafe !== undefined) return unsafe;
	}
	return undefined;
}

async function unsafePath(reader: Reader, path: string): Promise<string | undefined> {
	for (let part = path; ; part = dirname(part)) {
		const facts = await reader.stat(part);
		if (facts.status !== 'found') return `${part} cannot be looked at`;
		// a folder with the sticky bit lets nobody replace what another one owns
		const writable = (facts.value.mode & 0o022) !== 0 && (facts.value.mode & 0o1000) === 0;
		if (facts.value.owner !== 0 || writable) return `${part} can be changed by others than root`;
		if (part === '/') return undefined;
	}
}
