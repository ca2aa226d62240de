import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import type {Command} from '../model/command.ts';
import type {Exit, Runner} from '../model/machine.ts';
import {cpio, guestFiles} from './initramfs.ts';
import type {PracticeMachine} from './prepare.ts';

/** How a guest runs: emulated (TCG), or by the processor itself. */
export type Accelerator = 'tcg' | 'kvm';

/** Where a guest is spoken with: pipes that QEMU reads, files that it writes. */
export type GuestPaths = {
	readonly folder: string;
	readonly console: string;
	readonly answers: string;
	readonly requests: string;
	readonly shellIn: string;
	readonly shellOut: string;
	/** The process id of a guest that stays, and the release of its kernel. */
	readonly pid: string;
	readonly release: string;
};

export const guestPaths = (folder: string): GuestPaths => ({
	folder,
	console: join(folder, 'console.log'),
	answers: join(folder, 'answers'),
	requests: join(folder, 'requests.in'),
	shellIn: join(folder, 'shell.in'),
	shellOut: join(folder, 'shell-out'),
	pid: join(folder, 'pid'),
	release: join(folder, 'release')
});

/** A guest's process: how it ended, once it has, and a way to end it. */
export type Life = {readonly ended: Promise<string>; end(): void};

export type Launched = {readonly paths: GuestPaths; readonly life: Life};

type LaunchOptions = {
	readonly runner: Runner;
	readonly practice: PracticeMachine;
	readonly folder: string;
	readonly accelerator: Accelerator;
	readonly stays?: boolean;
};

/**
 * Starts QEMU with the root's kernel, untouched, and a file system in memory alone, in a new folder below `folder`. It dies with
 * this program, whatever becomes of that (setpriv has the kernel see to it), unless it is to stay.
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
	const {folder, stays = false} = options;
	await mkdir(folder, {recursive: true, mode: 0o700});
	const paths = guestPaths(await mkdtemp(join(folder, stays ? 'stays-' : 'run-')));
	try {
		return await launchIn(paths, options);
	} catch (error) {
		await rm(paths.folder, {recursive: true, force: true});
		throw error;
	}
}

async function launchIn(
	paths: GuestPaths,
	{runner, practice, accelerator, stays = false}: LaunchOptions
): Promise<Launched> {
	const initramfs = join(paths.folder, 'initramfs.gz');
	const archive = cpio(
		guestFiles({
			busybox: await readFile(practice.busybox),
			libraries: await Promise.all(practice.libraries.map(async path => ({path, bytes: await readFile(path)}))),
			modules: await unpackModules(runner, practice.modules, paths.folder)
		})
	);
	await Promise.all([
		writeFile(initramfs, gzipSync(archive, {level: 1})),
		writeFile(paths.release, practice.release),
		...[paths.console, paths.answers, paths.shellOut].map(file => writeFile(file, '', {mode: 0o600}))
	]);
	const pipes = await runner.run(
		makePipes(['requests', 'shell'].flatMap(name => [`${name}.in`, `${name}.out`].map(end => join(paths.folder, end))))
	);
	await pipes.exit;
	const running = await runner.run(qemu(practice.image, initramfs, paths, accelerator, stays));
	if (!stays) return {paths, life: {ended: running.exit.then(describe), end: () => running.cancel()}};
	const exit = await running.exit;
	if (exit.kind !== 'exited' || exit.code !== 0)
		return {paths, life: {ended: Promise.resolve(describe(exit)), end() {}}};
	return {paths, life: await lifeOf(paths)};
}

/** How distributions pack modules, by the end of the file's name (CONFIG_MODULE_COMPRESS). */
const unpackers = {zst: 'zstd', xz: 'xz', gz: 'gzip'} as const;

/** The modules' bytes as the kernel takes them. Rejects where one cannot be unpacked. */
async function unpackModules(
	runner: Runner,
	files: readonly string[],
	scratch: string
): Promise<readonly Uint8Array[]> {
	const unpacked: Uint8Array[] = [];
	for (const file of files) {
		const [, end] = /\.ko\.(zst|xz|gz)$/.exec(file) ?? [];
		const target = join(scratch, 'module.ko');
		if (end === undefined) {
			unpacked.push(await readFile(file));
			continue;
		}
		const program = unpackers[end as keyof typeof unpackers];
		const {exit} = await runner.run({
			argv: ['sh', '-euc', '"$1" -dc "$2" > "$3"', 'sh', program, file, target],
			cwd: '/',
			as: 'user',
			terminal: 'captured',
			interrupt: 'group',
			why: 'unpacks a module that the guest needs'
		});
		const ended = await exit;
		if (ended.kind !== 'exited' || ended.code !== 0) throw new Error(`${file} could not be unpacked with ${program}`);
		unpacked.push(await readFile(target));
	}
	return unpacked;
}

/** The guest that was started to stay, if there is one. What dead ones left is removed. */
export async function findLaunched(folder: string): Promise<(Launched & {readonly release: string}) | undefined> {
	const names = await readdir(folder).catch(() => []);
	let found: (Launched & {readonly release: string}) | undefined;
	for (const name of names) {
		const paths = guestPaths(join(folder, name));
		if (found === undefined && name.startsWith('stays-') && (await isAlive(paths)))
			found = {paths, life: await lifeOf(paths), release: await readFile(paths.release, 'utf8').catch(() => '')};
		else await rm(paths.folder, {recursive: true, force: true});
	}
	return found;
}

/** Whether the process of the pid file is a QEMU that has this folder among its words: ids are used again. */
async function isAlive(paths: GuestPaths): Promise<boolean> {
	const id = (await readFile(paths.pid, 'utf8').catch(() => '')).trim();
	if (!/^\d+$/.test(id)) return false;
	const words = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
	return words.includes(paths.folder);
}

async function lifeOf(paths: GuestPaths): Promise<Life> {
	const id = Number((await readFile(paths.pid, 'utf8')).trim());
	let looking: NodeJS.Timeout | undefined;
	const ended = new Promise<string>(resolve => {
		looking = setInterval(async () => {
			if (await isAlive(paths)) return;
			clearInterval(looking);
			resolve('the guest ended');
		}, 500);
		// a guest that stays outlives this program, which need not wait for it
		looking.unref();
	});
	return {
		ended,
		end() {
			try {
				process.kill(id, 'SIGKILL');
			} catch {
				// it ended in this very moment
			}
			looking?.ref();
		}
	};
}

function describe(exit: Exit): string {
	switch (exit.kind) {
		case 'exited':
			return exit.code === 0 ? 'the guest powered off' : `qemu stopped with code ${exit.code}`;
		case 'signalled':
			return `qemu was ended by ${exit.signal}`;
		case 'cancelled':
			return 'the guest was stopped';
		case 'not-started':
			return `qemu could not be started: ${exit.why}`;
	}
}

const makePipes = (paths: readonly string[]): Command => ({
	argv: ['mkfifo', '-m', '600', ...paths],
	cwd: '/',
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why: 'what the guest is told goes through these pipes'
});

/** What TCG emulates: x86-64-v2, and no more, which starts a quarter faster than all it can (7.2.12, QEMU 7.2). */
const emulated = 'Nehalem';

/**
 * Ends at a panic, says all on the serial line, and leaves out the tests that the kernel's ciphers are put to: a quarter of its start
 * under emulation (measured with 7.2.12; Documentation/admin-guide/kernel-parameters.txt).
 */
const kernelWords = 'console=ttyS0 panic=-1 quiet printk.time=1 cryptomgr.notests';

/** The guest as a command: no network, no disk, nothing of this machine but its channels. */
function qemu(image: string, initramfs: string, paths: GuestPaths, accelerator: Accelerator, stays: boolean): Command {
	const port = (name: string, chardev: string): readonly string[] => [
		...['-chardev', `${chardev},id=${name}`],
		...['-device', `virtserialport,chardev=${name},name=${name}`]
	];
	const pipe = (file: string): string => `pipe,path=${file.replace(/\.in$/, '')}`;
	return {
		argv: [
			...(stays ? (['env', '--'] as const) : (['setpriv', '--pdeathsig', 'KILL', '--'] as const)),
			...['qemu-system-x86_64', '-nodefaults', '-no-user-config'],
			...(stays ? ['-daemonize', '-pidfile', paths.pid] : []),
			...['-accel', accelerator, '-cpu', accelerator === 'kvm' ? 'host' : emulated],
			// one processor: with two, an emulated guest on a busy machine was seen to hang while it started
			...['-m', '512', '-smp', '1', '-display', 'none', '-no-reboot'],
			...['-serial', `file:${paths.console}`, '-device', 'virtio-serial-pci'],
			...port('requests', pipe(paths.requests)),
			...port('answers', `file,path=${paths.answers},append=on`),
			...port('shell-in', pipe(paths.shellIn)),
			...port('shell-out', `file,path=${paths.shellOut},append=on`),
			...['-kernel', image, '-initrd', initramfs, '-append', kernelWords]
		],
		cwd: '/',
		as: 'user',
		terminal: 'captured',
		interrupt: stays ? 'never' : 'group',
		why: 'starts the virtual machine; it has no disk and no network, and is thrown away afterwards'
	};
}
