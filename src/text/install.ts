import type {PackageInstall} from '../model/boot.ts';
import {quoteWord} from './quote.ts';

/** Why packages that were built are installed, as it stands under the command. */
export const installWhy =
	'installs what was built; pacman asks nothing, because you are asked here, and replaces no other package';

/** The command that installs packages, as a shell reads it: by a pattern where their files are not there yet to be named. */
export function renderInstall(
	{install, files}: {readonly install: PackageInstall; readonly files?: readonly string[]},
	options: {readonly asRoot?: boolean} = {}
): string {
	const named =
		files?.map(quoteWord) ?? install.names.map(name => `${quoteWord(install.folder)}/${name}-[0-9]*.pkg.tar*`);
	return [...(options.asRoot ? [] : ['sudo']), 'pacman', '-U', '--noconfirm', ...named].join(' ');
}
