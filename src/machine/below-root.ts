import {lstatSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';

/** As the kernel's own limit (MAXSYMLINKS, include/linux/namei.h). */
const mostLinks = 40;

/**
 * Where an absolute path of a machine is found when its root is the folder `root`: symbolic links are followed as that machine
 * would follow them, never out of `root`, and `..` behind a link is the parent of its target. A part that does not exist is
 * taken as it stands. Throws where links go round in a circle.
 */
export function belowRoot(root: string, path: string): string {
	if (root === '/') return path;
	let rest = partsOf(path);
	let inside: string[] = [];
	let links = 0;
	while (rest.length > 0) {
		const [part, ...after] = rest as [string, ...string[]];
		if (part === '..') {
			inside = inside.slice(0, -1);
			rest = after;
			continue;
		}
		const here = join(root, ...inside, part);
		const facts = lstatSync(here, {throwIfNoEntry: false});
		if (!facts?.isSymbolicLink()) {
			inside.push(part);
			rest = after;
			continue;
		}
		links += 1;
		if (links > mostLinks) throw new Error(`too many symbolic links in ${path}`);
		const target = readlinkSync(here);
		if (target.startsWith('/')) inside = [];
		rest = [...partsOf(target), ...after];
	}
	return join(root, ...inside);
}

const partsOf = (path: string): string[] => path.split('/').filter(part => part !== '' && part !== '.');
