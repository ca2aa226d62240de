import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {
	chmodSync,
	chownSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import {createServer, type Server} from 'node:http';
import {tmpdir} from 'node:os';
import {join, normalize} from 'node:path';
import {build} from 'esbuild';
import {onTestFinished} from 'vitest';
import type {PackageBuild, Recipe, RecipeQuestion, ReviewedRecipe} from '../../src/model/recipe.ts';
import type {Action, Memo} from '../../src/model/step.ts';
import type {ActionEvent, Outcome} from '../../src/model/walk.ts';
import {cloneCommand, makepkgCommand} from '../../src/packages/build-commands.ts';
import {foundProgram} from '../scaffold/found-program.ts';

/** The ordinary user that builds; nobody has this id here. */
const uid = 4343;

const needed = ['makepkg', 'git', 'gpg', 'setpriv', 'fakeroot', 'bsdtar', 'curl', 'diff'].map(foundProgram);
/** Whether the real programs are here, and an ordinary user can be had. */
export const canBuild = process.getuid?.() === 0 && needed.every(program => program !== undefined);

export type Performed = {
	readonly outcome: Outcome;
	readonly asked: readonly RecipeQuestion[];
	readonly memos: readonly Memo[];
	readonly events: readonly (ActionEvent & {readonly at: number})[];
};

/** A folder of that user, with a home in it. It goes when the test ends. */
export function userFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'packages-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	chmodSync(folder, 0o755);
	for (const name of ['', 'home', 'home/.gnupg', 'base']) {
		mkdirSync(join(folder, name), {recursive: true});
		chownSync(join(folder, name), uid, uid);
	}
	chmodSync(join(folder, 'home/.gnupg'), 0o700);
	return folder;
}

const asUser = ['--reuid', String(uid), '--regid', String(uid), '--clear-groups'];
const environment = (folder: string): Record<string, string> => ({
	PATH: '/usr/bin:/bin',
	HOME: join(folder, 'home'),
	USER: 'builder',
	LANG: 'C.UTF-8'
});

/** Runs a program as that user; fails where it does. */
export function runAsUser(folder: string, argv: readonly string[], cwd = folder): string {
	return execFileSync('setpriv', [...asUser, ...argv], {
		cwd,
		encoding: 'utf8',
		env: environment(folder),
		stdio: ['ignore', 'pipe', 'pipe']
	});
}

let program: string | undefined;

/** Bundles what performs the actions, once. */
export async function buildPerformer(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'performer-'));
	process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
	chmodSync(folder, 0o755);
	program = join(folder, 'perform.mjs');
	await build({
		entryPoints: [join(import.meta.dirname, 'perform-actions.ts')],
		outfile: program,
		bundle: true,
		format: 'esm',
		platform: 'node',
		logLevel: 'error',
		banner: {js: "const require=process.getBuiltinModule('module').createRequire(import.meta.url);"}
	});
	// the test's own node may lie where nobody else may look
	cpSync(process.execPath, join(folder, 'node'));
}

export type Performing = {
	readonly performed: Promise<Performed>;
	/** As Ctrl-C on the screen does. */
	cancel(): void;
	/** Resolves when this phase is reached. */
	reached(phase: RegExp): Promise<void>;
};

/** Performs actions as the ordinary user, in a process of its own. */
export function perform(
	folder: string,
	actions: readonly Action[],
	manner: 'yes' | 'no' | 'beforehand' = 'yes',
	options: {readonly reviewed?: string; readonly environment?: Readonly<Record<string, string>>} = {}
): Performing {
	if (program === undefined) throw new Error('buildPerformer comes first');
	const file = join(folder, `actions-${Math.random()}.json`);
	writeFileSync(file, JSON.stringify(actions));
	const node = join(program, '../node');
	const last = options.reviewed === undefined ? [] : [options.reviewed];
	const child = spawn(foundProgram('setpriv') ?? 'setpriv', [...asUser, node, program, file, manner, ...last], {
		cwd: folder,
		env: {...environment(folder), ...options.environment},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const output = {stdout: '', stderr: ''};
	child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
	const performed = new Promise<Performed>((resolve, reject) =>
		child.on('close', code => {
			try {
				resolve(JSON.parse(output.stdout) as Performed);
			} catch {
				reject(new Error(`ended with ${code}: ${output.stderr}${output.stdout}`));
			}
		})
	);
	return {
		performed,
		cancel: () => void child.kill('SIGUSR2'),
		async reached(phase) {
			const until = performance.now() + 120_000;
			while (!phase.test(output.stderr)) {
				if (performance.now() > until) throw new Error(`${phase} was not reached: ${output.stderr}`);
				await new Promise(resolve => setTimeout(resolve, 10));
			}
		}
	};
}

/** A recipe in the shape of linux-rust that takes a second: the same functions, packages and kinds of lines, and nothing of a kernel. */
export function tinyRecipe(
	parts: {readonly version?: string; readonly objects?: number; readonly build?: string; readonly extra?: string} = {}
): string {
	const {version = '7.2.13', objects = 60, build: body = '', extra = ''} = parts;
	return `# Maintainer: fixture
pkgbase=linux-rust
pkgname=(linux-rust linux-rust-headers)
pkgver=${version}
pkgrel=1
pkgdesc='A stand-in for linux-rust'
arch=(any)
license=(GPL-2.0-only)
options=(!strip !debug)
source=(rust.config)
sha256sums=(SKIP)
${extra}
prepare() {
	cp rust.config .config
	echo prepared >> "$srcdir/prepared"
}

build() {
	for one in $(seq ${objects}); do echo "  CC      kernel/unit_$one.o"; done
	${body}
	echo "  LD      vmlinux"
}

package_linux-rust() {
	install -Dm644 .config "$pkgdir/usr/lib/modules/${version}-1-rust/vmlinuz"
}

package_linux-rust-headers() {
	install -Dm644 .config "$pkgdir/usr/lib/modules/${version}-1-rust/build/.config"
}
`;
}

/** Writes a recipe's files as that user. */
export function writeRecipe(folder: string, files: Readonly<Record<string, string>>): void {
	mkdirSync(folder, {recursive: true});
	chownSync(folder, uid, uid);
	for (const [name, content] of Object.entries(files)) {
		const above = join(folder, name, '..');
		mkdirSync(above, {recursive: true});
		chownSync(above, uid, uid);
		writeFileSync(join(folder, name), content);
		chownSync(join(folder, name), uid, uid);
	}
}

/** A recipe in a folder of the user’s, and the actions that build it. */
export function planOf(
	folder: string,
	origin: Recipe['origin'] = {kind: 'folder'},
	parts: {
		readonly last?: ReviewedRecipe;
		readonly needs?: PackageBuild['needs'];
		readonly earlier?: PackageBuild['earlier'];
	} = {}
): {readonly recipe: Recipe; readonly actions: readonly Action[]} {
	const recipe: Recipe = {
		id: origin.kind === 'git' ? origin.url : origin.kind,
		origin,
		folder: join(folder, origin.kind === 'folder' ? 'recipe' : 'base/linux-rust'),
		base: join(folder, 'base')
	};
	const build: PackageBuild = {
		recipe,
		jobs: 2,
		env: {},
		needs: parts.needs ?? {build: 1e6, boot: 0},
		...(parts.earlier === undefined ? {} : {earlier: parts.earlier})
	};
	const command = makepkgCommand(build);
	return {
		recipe,
		actions: [
			{
				kind: 'fetch-recipe',
				recipe,
				command: origin.kind === 'git' ? cloneCommand(origin.url, recipe.folder) : undefined
			},
			{kind: 'review-recipe', recipe, ...(parts.last === undefined ? {} : {last: parts.last}), command},
			{kind: 'install-build-dependencies', build, command},
			{kind: 'build-packages', build, command}
		]
	};
}

/** The packages that were built. */
export const builtPackages = (folder: string): readonly string[] => {
	const packages = join(folder, 'base/packages');
	return existsSync(packages) ? readdirSync(packages).sort() : [];
};

/**
 * A stand-in for the AUR on this machine, in the shape of its RPC and of its repositories (which it serves as git's plain HTTP
 * does). `answer` is what the RPC says; none: it does not answer at all.
 */
export async function standInForAur(
	repositories: string,
	answer: () => string | undefined
): Promise<{readonly address: string; readonly asked: readonly string[]}> {
	const asked: string[] = [];
	const {readFileSync} = await import('node:fs');
	const server: Server = createServer((request, response) => {
		const path = normalize((request.url ?? '/').split('?')[0] ?? '/');
		asked.push(request.url ?? '');
		if (path.startsWith('/rpc/v5/info')) {
			const text = answer();
			if (text !== undefined) response.writeHead(200, {'content-type': 'application/json'}).end(text);
			return;
		}
		const file = join(repositories, path);
		if (existsSync(file)) response.writeHead(200).end(readFileSync(file));
		else response.writeHead(404).end();
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const address = server.address();
	return {address: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, asked};
}

/** What the RPC says of one package. */
export const rpcAnswer = (fields: Readonly<Record<string, unknown>> = {}): string =>
	JSON.stringify({
		resultcount: 1,
		results: [
			{
				ID: 1,
				Name: 'linux-rust',
				PackageBase: 'linux-rust',
				Version: '7.2.13.arch1-1',
				Description: 'The Linux kernel and modules with Rust support',
				OutOfDate: null,
				Maintainer: 'ada',
				Submitter: 'ada',
				FirstSubmitted: 1671300000,
				LastModified: 1795000000,
				...fields
			}
		],
		type: 'multiinfo',
		version: 5
	});

/** A repository as the AUR has one, with a commit for each recipe; served by the stand-in as /linux-rust.git. */
export function repository(folder: string): {commit(files: Readonly<Record<string, string>>, author?: string): string} {
	const [work, bare] = [join(folder, 'aur-work'), join(folder, 'aur/linux-rust.git')];
	mkdirSync(work);
	chownSync(work, uid, uid);
	mkdirSync(join(folder, 'aur'));
	chownSync(join(folder, 'aur'), uid, uid);
	runAsUser(folder, ['git', 'init', '--quiet', '--initial-branch=master', work]);
	runAsUser(folder, ['git', 'init', '--quiet', '--bare', '--initial-branch=master', bare]);
	return {
		commit(files, author = 'Ada') {
			writeRecipe(work, files);
			const git = (...words: readonly string[]) =>
				runAsUser(folder, [
					...['git', '-c', `user.name=${author}`, '-c', 'user.email=fixture@localhost', '-C', work],
					...words
				]);
			git('add', '--all');
			git('commit', '--quiet', '--message', 'an update');
			git('push', '--quiet', bare, 'master');
			runAsUser(folder, ['git', '-C', bare, 'update-server-info']);
			return git('rev-parse', 'HEAD').trim();
		}
	};
}

/** Whether a process is there whose command line holds the word. */
export const isRunning = (word: string): boolean => spawnSync('pgrep', ['--full', word]).status === 0;
