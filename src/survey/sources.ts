import {join} from 'node:path';
import {versionFromMakefile} from '../kernel/source-version.ts';
import type {Found, Reader} from '../model/machine.ts';

/** A kernel source on this machine: an unpacked folder, or a tarball. */
export type KernelSource = {
	readonly kind: 'folder' | 'tarball';
	readonly path: string;
	/** As its Makefile says it. */
	readonly version: Found<string>;
	/** Set where metadata cannot be made from it: why. */
	readonly problem: string | undefined;
};

/** Where distributions put the source of their kernel. */
const sourceFolder = '/usr/src';

const tarball = /\.tar(?:\.(?:xz|gz|zst|bz2))?$|\.t[gx]z$/;

/** The number in the name of a folder or tarball: linux-source-7.2.tar.xz, linux-7.2.13, v7.1.3-arch1.tar.gz. */
const numberIn = (name: string): string | undefined =>
	/(?:^v|^linux-(?:source-)?v?)(\d+\.\d+(?:\.\d+)?)/.exec(name)?.[1];

/**
 * The sources that may be those of a kernel of this version: the one named, alone, else those in /usr/src and in the folder `kept`
 * whose names do not say otherwise. Versions are read from their Makefiles; a tarball is asked once.
 */
export async function findSources(
	reader: Reader,
	version: string,
	options: {readonly named: string | undefined; readonly kept: string}
): Promise<readonly KernelSource[]> {
	if (options.named !== undefined) return [await readSource(reader, options.named)];
	const places = await Promise.all([sourceFolder, options.kept].map(folder => candidatesIn(reader, folder, version)));
	const found = await Promise.all(places.flat().map(path => readSource(reader, path)));
	// headers are folders of /usr/src too, and many have a Makefile
	return found.filter(({version, problem}) => version.status !== 'absent' || problem === undefined);
}

/**
 * The unpacked source that fits a kernel of this version: the folder named, the one the kernel was built from, else one in /usr/src or
 * in the folder `kept`. Undefined where there is none; tarballs are not looked into.
 */
export async function findUnpacked(
	reader: Reader,
	version: string,
	options: {readonly named: string | undefined; readonly kdir: string; readonly kept: string}
): Promise<string | undefined> {
	const {named, kdir, kept} = options;
	const places = await Promise.all([sourceFolder, kept].map(folder => candidatesIn(reader, folder, version)));
	const folders = [...(named === undefined ? [] : [named]), kdir, join(kdir, 'source'), ...places.flat()];
	const found = await Promise.all(
		folders.map(async folder =>
			(await reader.stat(join(folder, 'rust/kernel/lib.rs'))).status === 'found' ? folder : undefined
		)
	);
	return found.find(folder => folder !== undefined);
}

async function candidatesIn(reader: Reader, folder: string, version: string): Promise<readonly string[]> {
	const names = await reader.list(folder);
	if (names.status !== 'found') return [];
	return names.value
		.filter(name => {
			const number = numberIn(name);
			return number === undefined
				? name === 'linux'
				: !name.startsWith('linux-headers') &&
						(version === number || version.startsWith(`${number}.`) || version.startsWith(`${number}-`));
		})
		.map(name => join(folder, name));
}

async function readSource(reader: Reader, path: string): Promise<KernelSource> {
	const facts = await reader.stat(path);
	if (facts.status !== 'found') {
		const why = facts.status === 'absent' ? `${path} does not exist` : `${path} cannot be looked at: ${facts.why}`;
		return {kind: 'folder', path, version: {status: 'absent'}, problem: why};
	}
	return facts.value.kind === 'folder' ? readFolder(reader, path) : readTarball(reader, path);
}

async function readFolder(reader: Reader, path: string): Promise<KernelSource> {
	const [makefile, rust, ...traces] = await Promise.all([
		reader.readText(join(path, 'Makefile'), 4096),
		reader.stat(join(path, 'rust/kernel/lib.rs')),
		...builtIn.map(one => reader.stat(join(path, one)))
	]);
	const version = makefile.status === 'found' ? versionFromMakefile(makefile.value) : undefined;
	const folder = (found: Found<string>, problem: string | undefined): KernelSource => ({
		kind: 'folder',
		path,
		version: found,
		problem
	});
	if (makefile.status === 'unknown') return folder(makefile, `${path}/Makefile cannot be read: ${makefile.why}`);
	if (version === undefined || rust.status !== 'found')
		return folder({status: 'absent'}, `${path} holds no kernel source with Rust: there is no rust/kernel/lib.rs`);
	const trace = builtIn.find((_one, index) => traces[index]?.status === 'found');
	return folder(
		{status: 'found', value: version},
		trace === undefined
			? undefined
			: `${path} was built in (it has ${trace}), and would mix its own configuration into the result: make mrproper cleans it`
	);
}

/** What a build leaves in the folder of its sources; kbuild itself refuses a build beside such a folder. */
const builtIn = ['.config', 'include/config', 'include/generated'];

/** A tarball of a distribution takes a second up to its Makefile (linux-source-7.2.tar.xz), so what was found is kept. */
async function readTarball(reader: Reader, path: string): Promise<KernelSource> {
	const source = (version: Found<string>, problem: string | undefined): KernelSource => ({
		kind: 'tarball',
		path,
		version,
		problem
	});
	if (!tarball.test(path)) return source({status: 'absent'}, `${path} is neither a folder nor a tarball`);
	const answer = await reader.probe(['/bin/sh', '-c', readMakefile, 'sh', path], {
		timeout: 20_000,
		lasting: true,
		of: [path]
	});
	if (answer.status !== 'found')
		return source(answer.status === 'unknown' ? answer : {status: 'unknown', why: 'sh is missing'}, undefined);
	const version = versionFromMakefile(answer.value.stdout);
	if (version !== undefined) return source({status: 'found', value: version}, undefined);
	const said = answer.value.stderr.trim().split('\n')[0] ?? '';
	return source({status: 'absent'}, `${path} holds no kernel source${said === '' ? '' : ` (${said})`}`);
}

const readMakefile = `tar -x -O --occurrence=1 --wildcards --no-wildcards-match-slash -f "$1" '*/Makefile' | head -n 8 | grep .`;
