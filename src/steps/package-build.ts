import {join, resolve} from 'node:path';
import {cacheFolder} from '../machine/state-folder.ts';
import type {Reader} from '../model/machine.ts';
import type {PackageBuild, Recipe} from '../model/recipe.ts';
import type {Action, Plan, Remedy} from '../model/step.ts';
import {cloneCommand, makepkgCommand, packagesFolder} from '../packages/build-commands.ts';
import {clock} from '../packages/build-progress.ts';
import {aurAddress, aurQuestion} from '../survey/aur.ts';
import {hashOf} from '../survey/module.ts';
import {bootNeed} from '../survey/room.ts';
import type {View} from '../survey/view.ts';
import {gigabytes} from '../text/gigabytes.ts';
import {shown} from './verdict.ts';

/** Where a recipe comes from: the AUR, this program, or a folder (which is asked for where it was not named). */
export type Source = {readonly kind: 'aur' | 'own'} | {readonly kind: 'folder'; readonly path?: string};

/** The folder that --recipe names, where it was not named; the same rule as for the flag. */
export const recipeQuestion = {
	id: 'recipe',
	flag: '--recipe',
	label: 'Folder with the PKGBUILD',
	validate: (value: string): string | undefined =>
		value.trim() === ''
			? 'Name a folder.'
			: /[\u0000-\u001f\u007f]/.test(value)
				? 'A folder’s name holds no control characters here.'
				: undefined
} as const;

/** What a recipe reads from the environment: those of this program's own recipe. */
const recipeVariables = ['LINUX_VERSION', 'LINUX_CONFIG', 'LINUX_FRAGMENT', 'LINUX_ARCH'] as const;

/** What the AUR's linux-rust needed in 6.14.5; what a recipe needs in truth is asked when it was reviewed. */
const knownDependencies = 'bc cpio gettext libelf lld llvm pahole perl python rust rust-bindgen rust-src tar xz'.split(
	' '
);

/**
 * A remedy that fetches a recipe, has it reviewed, installs what its build needs, builds, and installs the packages: root is
 * asked for before the build and after it, never in between.
 */
export function buildRemedy(
	view: View,
	source: Source,
	parts: {
		readonly id: string;
		readonly label: string;
		readonly consequence: string;
		/** Where nothing was built here before. */
		readonly cost: string;
		readonly needs: number;
	}
): Remedy {
	const {id, label, consequence, cost, needs} = parts;
	const isAsked = source.kind === 'folder' && source.path === undefined;
	const earlier = isAsked
		? undefined
		: earlierBuild(view, recipeOf(view, source, source.kind === 'folder' ? source.path : undefined));
	const costs =
		earlier === undefined
			? cost
			: `The last build here took ${clock(earlier.seconds)} with ${earlier.jobs} jobs${earlier.bytes === 0 ? '' : ` and ${gigabytes(earlier.bytes)}`}.`;
	return {
		id,
		label,
		consequence: `${costs}${consequence === '' ? '' : ` ${consequence}`}`,
		answer: source.kind === 'folder' ? '--recipe FOLDER' : `--kernel ${id}`,
		questions: isAsked ? [recipeQuestion] : [],
		plan: answers =>
			planBuild(view, source, source.kind === 'folder' ? (source.path ?? answers['recipe']) : undefined, needs),
		undo: 'sudo pacman -R linux-rust linux-rust-headers removes the kernel; the build’s folders may be deleted.'
	};
}

async function planBuild(view: View, source: Source, path: string | undefined, needs: number): Promise<Plan> {
	const {builder: reader, memory} = view;
	if (reader.user.uid === 0) {
		const user = reader.environment['SUDO_USER'];
		return {
			ok: false,
			why: `makepkg does not build as root: start this again as ${user ?? 'the user who is to build'}${user === undefined ? '' : ', without sudo'}`
		};
	}
	const bare = recipeOf(view, source, path === undefined ? undefined : resolve(reader.cwd, path));
	if (source.kind === 'folder') {
		const found = await reader.stat(join(bare.folder, 'PKGBUILD'));
		if (found.status !== 'found') return {ok: false, why: `${bare.folder} holds no PKGBUILD that can be read`};
	}
	// loaded here: the recipe is text of several kilobytes that `check` has no use for
	const recipe: Recipe =
		source.kind === 'own' ? {...bare, origin: {kind: 'own', files: (await import('./linux-rust.ts')).recipe}} : bare;
	const text = await recipeText(recipe, reader);
	const last = memory.reviews?.find(one => one.recipe === recipe.id);
	const earlier = earlierBuild(view, recipe);
	const build: PackageBuild = {
		recipe,
		jobs: Math.max(1, navigator.hardwareConcurrency),
		env: variablesOf(source, reader),
		needs: {
			// a tenth more than the last time: another version, another configuration
			build: earlier === undefined || earlier.bytes === 0 ? needs : 1.1 * earlier.bytes,
			boot: await bootNeed(reader)
		},
		...(earlier === undefined ? {} : {earlier})
	};
	const pkgbase = source.kind === 'folder' ? pkgbaseOf(text) : 'linux-rust';
	const actions: readonly Action[] = [
		{
			kind: 'fetch-recipe',
			recipe,
			command: recipe.origin.kind === 'git' ? cloneCommand(recipe.origin.url, recipe.folder) : undefined
		},
		{
			kind: 'review-recipe',
			recipe,
			...(last === undefined ? {} : {last}),
			command: shown(['linux-rust-setup', 'review', recipe.folder], 'you read the recipe before anything of it runs')
		},
		{
			kind: 'install-build-dependencies',
			build,
			command: shown(
				['pacman', '-S', '--needed', '--asdeps', ...dependenciesIn(text)],
				'installs what the build needs and is not there yet; what that is, the recipe says after the review',
				'root'
			)
		},
		{kind: 'build-packages', build, command: makepkgCommand(build)},
		{
			kind: 'install-packages',
			install: {names: [pkgbase, `${pkgbase}-headers`], folder: packagesFolder(recipe)}
		}
	];
	return {ok: true, actions};
}

/** Where recipes are built: a folder for each. */
export const recipesFolder = (reader: Reader, named: View['named']): string =>
	named.buildFolder ?? join(cacheFolder(reader), 'recipes');

/** The recipe by where it comes from; of the own one without its files. */
function recipeOf({builder: reader, named}: View, source: Source, path: string | undefined): Recipe {
	const above = recipesFolder(reader, named);
	switch (source.kind) {
		case 'aur': {
			const address = (named.aur ?? aurAddress).replace(/\/+$/, '');
			const url = `${address}/linux-rust.git`;
			const base = join(above, 'aur');
			return {
				id: url,
				origin: {kind: 'git', url, rpc: aurQuestion(address, 'linux-rust')},
				folder: join(base, 'linux-rust'),
				base
			};
		}
		case 'own': {
			const base = join(above, 'own');
			return {id: 'own', origin: {kind: 'own', files: []}, folder: join(base, 'linux-rust'), base};
		}
		case 'folder': {
			const folder = path ?? reader.cwd;
			const name = hashOf(new TextEncoder().encode(folder)).slice(0, 12);
			return {id: folder, origin: {kind: 'folder'}, folder, base: join(above, `folder-${name}`)};
		}
	}
}

const earlierBuild = (view: View, recipe: Recipe) => view.memory.packageBuilds?.find(one => one.recipe === recipe.id);

/** The recipe's text as far as it is here already: the AUR's only where it was fetched before. */
async function recipeText(recipe: Recipe, reader: Reader): Promise<string> {
	if (recipe.origin.kind === 'own') return recipe.origin.files.find(one => one.path === 'PKGBUILD')?.content ?? '';
	const text = await reader.readText(join(recipe.folder, 'PKGBUILD'), 1024 * 1024);
	return text.status === 'found' ? text.value : '';
}

/** What a plain `makedepends=(…)` names: for the preview, nothing rests on it. */
function dependenciesIn(text: string): readonly string[] {
	const inside = /^makedepends=\(([^()$`]*)\)/m.exec(text)?.[1];
	const words = (inside ?? '')
		.replace(/#.*$/gm, '')
		.split(/\s+/)
		.map(word => word.replace(/^(['"])(.*)\1$/, '$2'));
	const names = words.filter(word => /^[a-z0-9][a-z0-9@._+-]*$/.test(word));
	return names.length === 0 ? knownDependencies : names;
}

/** The name that a plain `pkgbase=` or `pkgname=` gives. */
function pkgbaseOf(text: string): string {
	const name = /^pkg(?:base|name)=['"]?([a-z0-9@_+][a-z0-9@._+-]*)['"]?\s*(?:#.*)?$/m.exec(text)?.[1];
	return name ?? 'linux-rust';
}

function variablesOf(source: Source, reader: Reader): Readonly<Record<string, string>> {
	if (source.kind === 'aur') return {};
	return Object.fromEntries(
		recipeVariables.flatMap(name => {
			const value = reader.environment[name];
			return value === undefined || value === '' ? [] : [[name, value]];
		})
	);
}
