import type {Command} from '../model/command.ts';
import type {Reader} from '../model/machine.ts';

/**
 * A program that follows something, as one that ends with whoever holds the other end of its standard input: killed with -9, this
 * process tells nobody, and root's programs are out of its reach anyway.
 */
export const whileHeld = (program: string): Command['argv'] => [
	'sh',
	'-c',
	`exec 3<&0; (read -r end <&3; kill $$ 2>&-) & exec ${program}`
];

/** How the kernel log is read where /dev/kmsg is closed to the user: shown to the user, and run as it stands. */
export const readKernelLogAsRoot: Command = {
	argv: whileHeld('dmesg --follow-new --color=never'),
	stdin: 'held',
	as: 'root',
	terminal: 'captured',
	interrupt: 'group',
	why: 'shows what the kernel says; an ordinary user may not read its log here (kernel.dmesg_restrict=1); ends with this program'
};

/** Whether the journal's kernel messages are open to this user: members of these groups read the whole journal (systemd-journald.service(8), Access control). */
export async function mayReadJournal(reader: Reader): Promise<boolean> {
	const [program, groups] = await Promise.all([reader.which('journalctl'), reader.readText('/etc/group')]);
	if (program.status !== 'found' || groups.status !== 'found') return false;
	const mine = new Set(reader.user.groups);
	return groups.value.split('\n').some(line => {
		const [name = '', , gid = ''] = line.split(':');
		return ['systemd-journal', 'adm', 'wheel'].includes(name) && mine.has(Number(gid));
	});
}
