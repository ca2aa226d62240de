/** A file, folder or link of the archive; `mode` holds the permissions alone. */
export type Entry =
	| {readonly kind: 'folder'; readonly path: string}
	| {readonly kind: 'file'; readonly path: string; readonly mode: number; readonly bytes: Uint8Array};

/** An archive in the form the kernel unpacks: `newc` of cpio (Documentation/driver-api/early-userspace/buffer-format.rst). */
export function cpio(entries: readonly Entry[]): Uint8Array {
	const parts: Uint8Array[] = [];
	const encoder = new TextEncoder();
	const padded = (bytes: Uint8Array): Uint8Array => {
		const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
		whole.set(bytes);
		return whole;
	};
	const add = (path: string, mode: number, bytes: Uint8Array, inode: number): void => {
		const name = encoder.encode(`${path}\0`);
		// magic, inode, mode, uid, gid, links, mtime, size, device twice two, name's length, checksum
		const numbers = [inode, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length, 0];
		const head = `070701${numbers.map(one => one.toString(16).padStart(8, '0')).join('')}`;
		const start = new Uint8Array(head.length + name.length);
		start.set(encoder.encode(head));
		start.set(name, head.length);
		parts.push(padded(start), padded(bytes));
	};
	for (const [index, entry] of entries.entries()) {
		if (entry.kind === 'folder') add(entry.path, 0o040755, new Uint8Array(), index + 1);
		else add(entry.path, 0o100000 | entry.mode, entry.bytes, index + 1);
	}
	add('TRAILER!!!', 0, new Uint8Array(), 0);
	const archive = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		archive.set(part, at);
		at += part.length;
	}
	return archive;
}

/** Seconds between two signs of life. */
export const beatEvery = 2;

/**
 * The guest's first program. Its channel is a pair of virtio ports (drivers/char/virtio_console.c, built in): requests come in on
 * the first, `ID SIZE FILE` and then SIZE bytes; answers go out on the second, `answer ID CODE BASE64`. A request for the file `-`
 * is a script to run, any other is a file to keep. Another pair of ports belongs to a shell; `left` says that it was left.
 */
export const init = `#!/bin/busybox sh
export PATH=/bin HOME=/ TERM=linux
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for one in /modules/*; do [ -e "$one" ] && insmod "$one"; done
hostname practice
dmesg -n 8
port() { for one in /sys/class/virtio-ports/*; do [ "$(cat $one/name)" = "$1" ] && echo /dev/\${one##*/}; done; }
exec 3< "$(port requests)" 4> "$(port answers)"
while :; do echo beat; sleep ${beatEvery}; done >&4 &
echo "ready $(uname -r)" >&4
in=$(port shell-in) out=$(port shell-out)
while :; do
	sh -i < "$in" > "$out" 2>&1
	echo left >&4
done &
while read -r id size file <&3; do
	dd bs=64k iflag=fullblock,count_bytes count=$size of=/tmp/in <&3 2> /dev/null
	if [ "$file" = - ]; then
		sh /tmp/in < /dev/null > /tmp/out 2>&1
		echo "answer $id $? $(base64 -w0 < /tmp/out)" >&4
	else
		mv /tmp/in "$file"
		echo "answer $id $? " >&4
	fi
done
poweroff -f
`;

/** What a guest is made of: a program, the libraries it needs at their own absolute paths, and modules in the order they are loaded. */
export type GuestParts = {
	readonly busybox: Uint8Array;
	readonly libraries: readonly {readonly path: string; readonly bytes: Uint8Array}[];
	readonly modules: readonly Uint8Array[];
};

/** The initramfs, unpacked: the guest's whole file system. Nothing of it outlives the guest. */
export function guestFiles({busybox, libraries, modules}: GuestParts): readonly Entry[] {
	const folders = new Set(['bin', 'dev', 'proc', 'sys', 'tmp', 'modules']);
	for (const {path} of libraries)
		for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(1, at));
	const program = (path: string, bytes: Uint8Array): Entry => ({kind: 'file', path, mode: 0o755, bytes});
	return [
		...[...folders].map(path => ({kind: 'folder', path}) as const),
		program('bin/busybox', busybox),
		program('init', new TextEncoder().encode(init)),
		...libraries.map(({path, bytes}) => program(path.slice(1), bytes)),
		...modules.map((bytes, index) => program(`modules/${String(index).padStart(2, '0')}.ko`, bytes))
	];
}
