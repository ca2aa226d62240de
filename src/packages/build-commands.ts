// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expansions are those of bash
import type {Command} from '../model/command.ts';
import type {PackageBuild, Recipe} from '../model/recipe.ts';

/** Where everything of a build is: the recipe's own folder holds nothing but the recipe. */
export const placesOf = ({base}: Recipe) => ({
	sources: `${base}/sources`,
	build: `${base}/build`,
	packages: `${base}/packages`,
	/** Its content tells which build got through prepare(). */
	prepared: `${base}/prepared`,
	/** How far that build had come when it was stopped, as text. */
	progress: `${base}/progress`,
	/** Its content tells which build the packages are of. */
	built: `${base}/built`
});

export type Places = ReturnType<typeof placesOf>;

/** Where makepkg will put the packages of a recipe. */
export const packagesFolder = (recipe: Recipe): string => placesOf(recipe).packages;

/** What makepkg is told by the environment; makepkg.conf may set MAKEFLAGS over it. */
export function environmentOf({recipe, jobs, env}: PackageBuild): Readonly<Record<string, string>> {
	const {sources, build, packages} = placesOf(recipe);
	return {
		...env,
		SRCDEST: sources,
		BUILDDIR: build,
		PKGDEST: packages,
		MAKEFLAGS: `-j${jobs}`
	};
}

/** `--cleanbuild`: nothing of another version is left among the sources; `--noextract` neither unpacks nor prepares again. */
export const makepkgArgv = (resumed: boolean): Command['argv'] => [
	'makepkg',
	'--force',
	'--noconfirm',
	'--nocolor',
	resumed ? '--noextract' : '--cleanbuild'
];

/** The command that builds, as it is known before the sources are. */
export const makepkgCommand = (build: PackageBuild): Command => ({
	argv: makepkgArgv(false),
	cwd: build.recipe.folder,
	env: environmentOf(build),
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	stopWith: 'SIGINT',
	why: `in ${build.recipe.folder}: builds the packages as you; no root is needed until they are installed`
});

/** A small command of our own work. */
export const ours = (argv: Command['argv'], why: string, cwd = '/'): Command => ({
	argv,
	cwd,
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why
});

/**
 * What bash does to say what a recipe declares, in the form of .SRCINFO: it reads the settings and then the recipe, as makepkg does
 * (makepkg 6.0 to 7.1, load_makepkg_config and source_safe). `$1`: the machine's architecture.
 */
const declaration = [
	'startdir=$PWD',
	'_settings=${MAKEPKG_CONF:-/etc/makepkg.conf}',
	'_own=${XDG_CONFIG_HOME:-$HOME/.config}/pacman/makepkg.conf',
	'[ -r "$_own" ] || _own=$HOME/.makepkg.conf',
	'for _file in "$_settings" "$_settings.d"/*.conf "$_own"; do [ ! -r "$_file" ] || source "$_file" > /dev/null; done',
	'source ./PKGBUILD > /dev/null || exit',
	'echo "pkgbase = ${pkgbase:-${pkgname[0]}}"',
	'for _key in pkgver pkgrel epoch {make,check,}depends{,"_$1"} validpgpkeys pkgname; do',
	'\tdeclare -n _values=$_key',
	'\tfor _value in "${_values[@]}"; do echo "$_key = $_value"; done',
	'\tunset -n _values',
	'done'
].join('\n');

/**
 * Asks the reviewed recipe in a folder what it declares. `makepkg --printsrcinfo` says the same after it has looked for mistakes in every function,
 * which takes it seconds, and which makepkg does again when it builds.
 */
export const declarationCommand = (folder: string, architecture: string): Command =>
	ours(
		['bash', '--norc', '-c', declaration, 'bash', architecture],
		'says what the recipe declares, as makepkg reads it',
		folder
	);

/** Captured, git has no terminal to ask for a password on; it runs no program of the repository. */
export const git = (argv: readonly string[], why: string): Command => ({
	argv: ['git', ...argv],
	cwd: '/',
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why
});

/** How a recipe is fetched the first time. */
export const cloneCommand = (url: string, folder: string): Command =>
	git(['clone', '--no-tags', '--', url, folder], 'fetches the recipe, and runs nothing of it');
