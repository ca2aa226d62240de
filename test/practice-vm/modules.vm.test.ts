import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {borrowRoot, kept, run} from './practice.ts';

const at = borrowRoot();

/** Debian 12's kernel for cloud machines: no part of virtio is built in. It has no Rust, which a guest that comes up does not need. */
const metaPackage = 'linux-image-cloud-amd64';

/** Fetches the package once, by this machine's own apt, and gives its file. */
function fetchKernel(): string {
	const shown = execFileSync('apt-cache', ['show', '--no-all-versions', metaPackage], {encoding: 'utf8'});
	const name = /^Depends: (linux-image-\S+)/m.exec(shown)?.[1] ?? '';
	const folder = join(kept.cache, 'kernels');
	mkdirSync(folder, {recursive: true});
	const find = (): string | undefined => readdirSync(folder).find(file => file.startsWith(`${name}_`));
	if (find() === undefined) {
		const part = join(folder, 'part');
		rmSync(part, {recursive: true, force: true});
		mkdirSync(part);
		execFileSync('apt-get', ['-q', 'download', name], {cwd: part, stdio: 'ignore'});
		for (const file of readdirSync(part)) renameSync(join(part, file), join(folder, file));
	}
	return join(folder, find() ?? '');
}

test('a kernel whose virtio is all modules, packed as distributions pack them (zst, xz): they are unpacked, and the guest speaks', async () => {
	// as below /usr of a machine that has it installed, with what Arch (zst) and Debian 13 (xz) do to modules
	const usr = join(at.cache, 'usr');
	const unpacked = join(at.cache, 'unpacked');
	execFileSync('dpkg-deb', ['-x', fetchKernel(), unpacked]);
	const [release = ''] = readdirSync(join(unpacked, 'lib/modules'));
	const folder = join(usr, 'lib/modules', release);
	mkdirSync(join(usr, 'lib/modules'), {recursive: true});
	renameSync(join(unpacked, 'lib/modules', release), folder);
	renameSync(join(unpacked, `boot/vmlinuz-${release}`), join(folder, 'vmlinuz'));
	const config = readFileSync(join(unpacked, `boot/config-${release}`), 'utf8');
	for (const name of ['VIRTIO', 'VIRTIO_PCI', 'VIRTIO_CONSOLE']) expect(config).toContain(`CONFIG_${name}=m\n`);
	execFileSync('busybox', ['depmod', '-b', usr, release]);
	execFileSync('sh', [
		'-euc',
		'cd "$1/kernel/drivers"; zstd -q --rm virtio/*.ko; xz char/virtio_console.ko; sed -i "s#/virtio/[^ :]*#&.zst#g; s#/virtio_console.ko#&.xz#g" "$1/modules.dep"',
		'sh',
		folder
	]);
	expect(existsSync(join(folder, 'kernel/drivers/virtio/virtio_pci.ko.zst'))).toBe(true);

	const installed = 'mount -t overlay -o "lowerdir=$1:/usr" overlay /usr; shift; exec "$@"';
	const {code, stdout, stderr} = await run(['practice', 'shell', '--installed', release], {
		at,
		before: ['unshare', '--mount', 'sh', '-euc', installed, 'sh', usr],
		input: 'uname -r\nlsmod\nexit\n'
	});
	expect(stderr).not.toContain('could not be unpacked');
	expect(stdout).toContain(release);
	for (const name of ['virtio_ring', 'virtio', 'virtio_pci', 'virtio_console'])
		expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
	expect(code).toBe(0);
	writeFileSync(join(folder, 'kernel/drivers/virtio/virtio_pci.ko.zst'), 'not what zstd packs');
	const broken = await run(['practice', 'shell', '--installed', release], {
		at,
		before: ['unshare', '--mount', 'sh', '-euc', installed, 'sh', usr]
	});
	expect(broken.stderr).toContain('virtio_pci.ko.zst could not be unpacked with zstd');
	expect(broken.code).toBe(1);
});
