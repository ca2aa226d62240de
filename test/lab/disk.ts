import {execFileSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdtempSync, readFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Ended, machineFolder} from './lab.ts';

/** What the next guest is given so that it starts from the disk an earlier one left: `carry` of its job. */
export type Disk = {readonly carry: Readonly<Record<string, string>>; readonly kernel: string};

/**
 * The machine is turned on again: what GRUB does then is done here, on the disk of the guest that ended. Its environment block
 * (grubenv) and its menu (grub.cfg) are read, the entry is found, and the kernel image of that entry is what starts.
 */
export async function turnOn(ended: Ended): Promise<Disk> {
	const disk = join(ended.folder, 'disk.tar');
	if (!existsSync(disk)) throw new Error(`the guest left no disk; its kernel said:\n${ended.kernelLog}`);
	const root = mkdtempSync(join(tmpdir(), 'turned-on-'));
	execFileSync('cp', ['-r', join(await machineFolder('story'), 'tree/boot'), root]);
	// nothing of /boot was written to where the archive has none of it
	const names = execFileSync('tar', ['-tf', disk], {encoding: 'utf8', maxBuffer: 2 ** 28});
	if (names.includes('./boot/')) execFileSync('tar', ['-xf', disk, '-C', root, './boot']);
	const environment = readFileSync(join(root, 'boot/grub/grubenv'), 'utf8');
	const saved = /^saved_entry=(.*)$/m.exec(environment)?.[1] ?? '0';
	const image = imageOf(readFileSync(join(root, 'boot/grub/grub.cfg'), 'utf8'), saved);
	const kernel = join(root, 'kernel');
	copyFileSync(join(root, image), kernel);
	execFileSync('chmod', ['755', kernel]);
	return {carry: {'disk.tar': disk, kernel}, kernel: image};
}

/** The image of an entry, named by position, title or id, from the outermost menu inward. */
function imageOf(menu: string, wanted: string): string {
	const parts = wanted.split('>');
	let depth = 0;
	let matched = 0;
	const positions = [0, 0];
	for (const line of menu.split('\n').map(one => one.trim())) {
		const [, kind, title = ''] = /^(menuentry|submenu) '([^']*)'/.exec(line) ?? [];
		const id = /menuentry_id_option '([^']*)'/.exec(line)?.[1];
		if (kind !== undefined) {
			const position = String(positions[depth]);
			positions[depth] = Number(position) + 1;
			if (matched === depth && [title, id, position].includes(parts[depth])) matched = depth + 1;
			if (kind === 'submenu') {
				depth = 1;
				positions[1] = 0;
			}
		}
		const image = /^linux\s+(\S+)/.exec(line)?.[1];
		if (image !== undefined && matched === parts.length) return image;
	}
	throw new Error(`GRUB's menu has no entry ${wanted}`);
}
