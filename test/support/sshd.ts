import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';

/** The programs these tests cannot do without; undefined where one is missing. */
export const sshd = ['/usr/sbin/sshd', '/usr/bin/sshd'].find(existsSync);
export const busybox = ['/usr/bin/busybox', '/bin/busybox'].find(existsSync);

/** A real sshd on the loopback, and a folder whose `ssh` is the system's with settings of this test alone. */
export type SshServer = {
	readonly port: number;
	/** `ssh://127.0.0.1:PORT`; 127.0.0.2 to 127.0.0.4 are the same machine. */
	readonly address: string;
	/** Environment of a client: `ssh` with the key, and with the host keys known. */
	environment(options?: {
		readonly key?: 'right' | 'wrong';
		readonly knows?: 'host' | 'nothing' | 'another';
	}): Readonly<Record<string, string>>;
	/** Ends it and all its sessions. */
	stop(): void;
};

/** `settings`: further lines of sshd_config. */
export async function startSshd(settings: readonly string[] = []): Promise<SshServer> {
	const folder = mkdtempSync(join(tmpdir(), 'sshd-'));
	for (const name of ['host', 'another', 'right', 'wrong'])
		execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)]);
	copyFileSync(join(folder, 'right.pub'), join(folder, 'authorized'));
	// sshd wants it where it runs as root (privsep, sshd(8)); init makes it where sshd is a service
	if (process.getuid?.() === 0) mkdirSync('/run/sshd', {recursive: true, mode: 0o755});
	const port = await freePort();
	const config = join(folder, 'sshd_config');
	writeFileSync(
		config,
		[
			`Port ${port}`,
			...[1, 2, 3, 4].map(last => `ListenAddress 127.0.0.${last}`),
			`HostKey ${join(folder, 'host')}`,
			`AuthorizedKeysFile ${join(folder, 'authorized')}`,
			'PidFile none',
			'UsePAM no',
			'StrictModes no',
			'PasswordAuthentication no',
			'PermitRootLogin yes',
			'MaxStartups 100',
			...settings,
			''
		].join('\n')
	);
	const child = spawn(sshd ?? 'sshd', ['-D', '-e', '-f', config], {
		stdio: ['ignore', 'ignore', 'pipe'],
		detached: true
	});
	await listening(child);

	return {
		port,
		address: `ssh://127.0.0.1:${port}`,
		environment({key = 'right', knows = 'host'} = {}) {
			const bin = mkdtempSync(join(folder, 'client-'));
			const known = join(bin, 'known_hosts');
			const shown = execFileSync('cat', [join(folder, `${knows === 'nothing' ? 'host' : knows}.pub`)], {
				encoding: 'utf8'
			});
			writeFileSync(known, knows === 'nothing' ? '' : `[127.0.0.*]:${port} ${shown}`);
			writeFileSync(
				join(bin, 'config'),
				[
					`IdentityFile ${join(folder, key)}`,
					'IdentitiesOnly yes',
					`UserKnownHostsFile ${known}`,
					'GlobalKnownHostsFile none',
					'Host box',
					'\tHostName 127.0.0.1',
					`\tPort ${port}`,
					`\tHostKeyAlias [127.0.0.1]:${port}`,
					// what must not reach the session
					'\tRemoteCommand echo from the configuration',
					`\tLocalForward ${port} 127.0.0.1:9`,
					''
				].join('\n')
			);
			writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${join(bin, 'config')} "$@"\n`);
			chmodSync(join(bin, 'ssh'), 0o755);
			return {PATH: `${bin}:/usr/bin:/bin`};
		},
		stop() {
			// each session is a child of its own, in a group of its own
			for (const pid of [...descendantsOf(child.pid ?? 0), child.pid ?? 0])
				try {
					process.kill(pid, 'SIGKILL');
				} catch {
					// it ended before
				}
			rmSync(folder, {recursive: true, force: true});
		}
	};
}

function descendantsOf(pid: number): readonly number[] {
	const children = execFileSync('sh', ['-c', `cat /proc/${pid}/task/*/children 2>/dev/null || true`], {
		encoding: 'utf8'
	});
	const own = children
		.split(/\s+/)
		.filter(word => /^\d+$/.test(word))
		.map(Number);
	return own.flatMap(child => [...descendantsOf(child), child]);
}

function listening(child: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		let said = '';
		child.stderr?.setEncoding('utf8').on('data', (text: string) => {
			said += text;
			if (/Server listening/.test(said)) resolve();
		});
		child.on('exit', code => reject(new Error(`sshd ended with ${code}: ${said}`)));
	});
}

/** A port nobody listens at. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
		});
	});
}

/**
 * A system in which there is a shell, and busybox's tools of these names: what sshd is to chroot into. Needs root. The login shell
 * of the user is there under its own name.
 */
export function makeBareSystem(tools: readonly string[]): {readonly root: string; remove(): void} {
	// sshd wants every folder above it to be root's alone (sshd_config(5), ChrootDirectory)
	const root = mkdtempSync('/var/lib/bare-');
	chmodSync(root, 0o755);
	for (const folder of ['bin', 'etc', 'dev', 'proc', 'usr']) mkdirSync(join(root, folder));
	copyFileSync(busybox ?? 'busybox', join(root, 'bin/busybox'));
	for (const tool of ['sh', ...tools]) symlinkSync('busybox', join(root, 'bin', tool));
	const shell = userInfo().shell ?? '/bin/sh';
	if (!existsSync(join(root, shell))) {
		mkdirSync(join(root, shell, '..'), {recursive: true});
		writeFileSync(join(root, shell), '#!/bin/sh\nexec /bin/busybox sh "$@"\n', {mode: 0o755});
	}
	execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
	return {root, remove: () => rmSync(root, {recursive: true, force: true})};
}
