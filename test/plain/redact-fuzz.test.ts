import {expect, test} from 'vitest';
import {redact} from '../../src/plain/redact.ts';

/** SEED=number repeats a run. */
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const logs = 3000;

/** The same numbers for the same seed, from 0 to 1 (mulberry32). */
function numbers(start: number): () => number {
	let state = start;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const random = numbers(seed);
const below = (count: number): number => Math.floor(random() * count);
const oneOf = <T>(all: readonly [T, ...T[]]): T => all[below(all.length)] ?? all[0];
const digits = (count: number, alphabet = '0123456789abcdef'): string =>
	Array.from({length: count}, () => alphabet[below(alphabet.length)]).join('');

const users = ['marisol', 'jean-luc', 'o_brien', 'dev42', 'x.y', 'Björk', 'root0'] as const;
const hosts = ['thinkpad-x1', 'box42', 'build7.lab.example.net', 'Ente', 'srv-a'] as const;

const address6 = (): string => {
	const groups = Array.from({length: 8}, () => below(0x10000).toString(16));
	switch (below(4)) {
		case 0:
			return groups.join(':');
		case 1:
			return `fe80::${groups.slice(0, 4).join(':')}`;
		case 2:
			return `2001:db8::${1 + below(0xfff)}`;
		default:
			return `${groups.slice(0, 3).join(':')}::${groups[3]}`.toUpperCase();
	}
};

/** What a log tells of a machine and its user: the line, and the words of it that must not be handed on. */
function secretLine(own: {user: string; home: string; host: string}): readonly [line: string, ...secrets: string[]] {
	const {user, home, host} = own;
	const four = Array.from({length: 4}, () => 1 + below(254)).join('.');
	const six = address6();
	const mac = Array.from({length: 6}, () => digits(2)).join(oneOf([':', '-']));
	const uuid = [8, 4, 4, 4, 12].map(count => digits(count)).join('-');
	const id = digits(32);
	const serial = digits(1, 'ABCDEFGHKLMNPQRSTUVWXYZ') + digits(9, '0123456789ABCDEFGH') + digits(1, '0123456789');
	const mail = `${oneOf(['ada', 'first.last', 'a+b'])}@${oneOf(['example.org', 'mail.example.net'])}`;
	return oneOf<readonly [string, ...string[]]>([
		[`inet ${four}/24 brd`, four],
		[`connect to ${four}:22 failed`, four],
		[`[${four}]`, four],
		[`via=${four},`, four],
		[`inet6 ${six}/64 scope link`, six],
		[`http://[${six}]:8080/x`, six],
		[`${six}%eth0`, six],
		[`link/ether ${mac} brd`, mac],
		[`e1000e 0000:00:1f.6: MAC ${mac}`, mac],
		[`root=UUID=${uuid} rw`, uuid],
		[`/dev/disk/by-uuid/${uuid}`, uuid],
		[`"boot_id": "${uuid.toUpperCase()}"`, uuid.toUpperCase()],
		[`machine-id ${id}`, id],
		[`/var/log/journal/${id}/system.journal`, id],
		[`Serial Number: ${serial}`, serial],
		[`usb 1-1: SerialNumber: ${serial}`, serial],
		[`"serial":"${serial}"`, serial],
		[`serial_no=${serial};`, serial],
		[`ata1.00: ATA-9, S/N: ${serial}`, serial],
		[`DMI: SN ${serial}`, serial],
		[`Signed-off-by: Someone <${mail}>`, mail],
		[`make -C /usr/lib M=${home}/src/hello modules`, home],
		[`${home}/src/hello/hello.rs:3:1: error`, home],
		[`file://${home}/x`, home],
		[`"folder": "${home}"`, home],
		[`/home/${user}/x`, user],
		[`/run/media/${user}/STICK/x`, user],
		[`${user}@${host}:~/src$ make`, user, host],
		[`[${user}@${host.split('.')[0]} hello]$ sudo insmod`, user, host.split('.')[0] ?? ''],
		[`Nov 24 01:02:03 ${host} kernel: hello`, host],
		[`hostname=${host}`, host],
		[`ssh ${user}@${four}`, user, four],
		[`sudo: ${user} : TTY=pts/0 ; PWD=${home} ; USER=root`, user, home],
		[`USER=${user} LOGNAME=${user}`, user],
		[`uid=1000(${user}) gid=1000(${user})`, user],
		[`drwxr-xr-x 2 ${user} ${user} 4096 hello.ko`, user],
		[`${host}.local`, host],
		[`-- Journal of ${host.toUpperCase()} --`, host.toUpperCase()]
	]);
}

/** What a question is about, and stays. */
const plain = [
	'kernel 6.12.117-arch1-1-rust',
	'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)',
	'error[E0514]: found crate `core` compiled by an incompatible version of rustc',
	'   --> hello.rs:12:5 at 12:34:56',
	'core::fmt::Debug and kernel::prelude::*',
	'vermagic 6.12.117-arch1-1-rust SMP preempt mod_unload',
	'[   12.345678] hello: loading out-of-tree module taints kernel.',
	'make[2]: *** [/usr/lib/modules/7.2.13/build/scripts/Makefile.build:229: hello.o] Error 1',
	'"schema": 1, "id": "toolchain", "status": "done"',
	'serial8250: ttyS0 at I/O 0x3f8 (irq = 4, base_baud = 115200) is a 16550A',
	'sha256 3d0c1f0a7b12',
	'BUG: kernel NULL pointer dereference, address: 0000000000000000',
	'RIP: 0010:do_one_initcall+0x58/0x300'
] as const;

test(`of ${logs} made-up logs (SEED=${seed}) nothing of a machine or its user is handed on, and the rest stays`, () => {
	const problems: string[] = [];
	for (let log = 0; log < logs && problems.length < 10; log += 1) {
		const user = oneOf(users);
		const own = {user, home: oneOf([`/home/${user}`, `/srv/people/${user}`, `/var/home/${user}`]), host: oneOf(hosts)};
		const lines = Array.from({length: 8}, () => (below(3) === 0 ? ([oneOf(plain)] as const) : secretLine(own)));
		const before = lines.map(([line]) => line);
		const after = redact(before.join('\n'), own).split('\n');
		expect(after).toHaveLength(before.length);
		lines.forEach(([line, ...secrets], index) => {
			const said = after[index] ?? '';
			if (secrets.length === 0 && said !== line) problems.push(`changed: ${line}\n     to: ${said}`);
			for (const secret of secrets)
				if (said.toLowerCase().includes(secret.toLowerCase()))
					problems.push(`${secret} is told: ${line}\n     as: ${said} (${JSON.stringify(own)})`);
		});
	}
	expect(problems).toEqual([]);
});
