import {accessSync, constants} from 'node:fs';
import {homedir} from 'node:os';
import {delimiter, join} from 'node:path';

/** The absolute path of a program of this machine, from PATH or where rustup puts programs. Says so where it is missing. */
export function foundProgram(name: string): string | undefined {
	const folders = [...(process.env.PATH ?? '').split(delimiter), join(homedir(), '.cargo/bin')];
	const found = folders
		.map(folder => join(folder, name))
		.find(path => {
			try {
				accessSync(path, constants.X_OK);
				return true;
			} catch {
				return false;
			}
		});
	if (found === undefined) console.warn(`${name} is not installed here: what needs it is not tested.`);
	return found;
}
