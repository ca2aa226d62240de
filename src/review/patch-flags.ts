import {flagCommands} from './command-flags.ts';
import {flagsOfText} from './command-rules.ts';
import {flagLines} from './line-flags.ts';
import {parseShell} from './shell.ts';

type Raise = (id: string, line: number) => void;

/** What a patch adds to these is read as commands. */
const scripts = /\.(?:sh|bash|install)$|(?:^|\/)(?:PKGBUILD|configure|autogen\.sh)$/;
const makefiles = /(?:^|\/)(?:GNUm|M|m)akefile(?:\.[\w.]+)?$|(?:^|\/)Kbuild(?:\.\w+)?$|\.mk$/;

/** Raises the flags of what a patch in the unified form adds. */
export function flagPatch(text: string, raise: Raise): void {
	const lines = text.split('\n');
	const added = new Uint8Array(lines.length);
	const asScript: string[] = [];
	const asMakefile: string[] = [];
	let file = '';
	for (const [index, line] of lines.entries()) {
		asScript[index] = '';
		asMakefile[index] = '';
		const target = /^\+\+\+ (?:b\/)?([^\t\n]+)/.exec(line)?.[1];
		if (target !== undefined) file = target;
		else if (/^GIT binary patch/.test(line)) raise('patch.binary', index + 1);
		else if (line.startsWith('+')) {
			added[index] = 1;
			const content = line.slice(1);
			for (const id of flagsOfText(content)) raise(id, index + 1);
			if (scripts.test(file)) asScript[index] = content;
			else if (makefiles.test(file)) asMakefile[index] = content.replace(/^\t[@+-]*/, '');
		}
	}
	flagLines(text, raise, index => added[index] === 1);
	flagCommands(parseShell(asScript.join('\n')), 'script', raise);
	// make's $(NAME) looks like the shell's: of its spelling nothing can be said
	flagCommands(parseShell(asMakefile.join('\n')), 'script', (id, line) => {
		if (!/^(?:spell|run\.unseen|stay\.behind|write)\b/.test(id)) raise(id, line);
	});
}
