import {accessSync, constants, statSync} from 'node:fs';
import {delimiter, isAbsolute, join} from 'node:path';

/** Where system programs such as insmod live; many distributions leave these out of an ordinary user's PATH. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];

/**
 * The folders that programs are taken from: PATH without relative entries and without folders that anyone may write to (a
 * program planted there would run as this user, or as root behind sudo), then the system's own folders.
 */
export function safePath(path: string | undefined): readonly string[] {
	const wanted = [...(path ?? '').split(delimiter).filter(folder => isAbsolute(folder)), ...systemFolders];
	const unique = [...new Set(wanted)];
	return unique.filter(folder => {
		try {
			const facts = statSync(folder, {throwIfNoEntry: false});
			return facts?.isDirectory() === true && (facts.mode & 0o002) === 0;
		} catch {
			return false;
		}
	});
}

/**
 * The first executable file of that name in `folders`; a name with a slash is taken as a path. Looks without the thread pool:
 * a round trip through it takes longer than the look, and a dozen programs in a dozen folders are many looks.
 */
export function findProgram(name: string, folders: readonly string[]): string | undefined {
	const candidates = name.includes('/') ? [name] : folders.map(folder => join(folder, name));
	return candidates.find(isProgram);
}

function isProgram(file: string): boolean {
	try {
		if (!statSync(file, {throwIfNoEntry: false})?.isFile()) return false;
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
