import type {Reader} from '../model/machine.ts';

/** A module as DKMS knows it: registered, and rebuilt for these kernels. */
export type Dkms = {
	/** `numbers/0.1`, as dkms's own commands name it. */
	readonly package: string;
	/** The module's file that DKMS made, for each release it was built for. */
	readonly built: ReadonlyMap<string, string>;
};

/** Where DKMS keeps what it knows (dkms(8), $dkms_tree), unless it was told otherwise. */
const tree = '/var/lib/dkms';
/** What may stand in a path and in a command; dkms.conf is a shell script, and other values are for a shell to find out. */
const literal = '[A-Za-z0-9][A-Za-z0-9._+-]*';

/** Undefined where the folder has no dkms.conf, where what that names is not registered, and where there is no DKMS. */
export async function surveyDkms(reader: Reader, folder: string, module: string): Promise<Dkms | undefined> {
	const conf = await reader.readText(`${folder}/dkms.conf`, 64 * 1024);
	if (conf.status !== 'found') return undefined;
	const [name, version] = ['PACKAGE_NAME', 'PACKAGE_VERSION'].map(
		key => new RegExp(`^\\s*${key}=(["']?)(${literal})\\1\\s*(?:#.*)?$`, 'm').exec(conf.value)?.[2]
	);
	if (name === undefined || version === undefined) return undefined;
	const own = `${tree}/${name}/${version}`;
	const [program, source, names] = await Promise.all([
		reader.which('dkms'),
		reader.stat(`${own}/source`),
		reader.list(own)
	]);
	if (program.status !== 'found' || source.status !== 'found' || names.status !== 'found') return undefined;
	const built = await Promise.all(
		names.value
			.filter(release => release !== 'source' && release !== 'build')
			.map(async (release): Promise<readonly [string, string] | undefined> => {
				const file = await builtFile(reader, `${own}/${release}`, module);
				return file === undefined ? undefined : [release, file];
			})
	);
	return {package: `${name}/${version}`, built: new Map(built.filter(one => one !== undefined))};
}

/** RELEASE/ARCHITECTURE/module/NAME.ko, compressed where the kernel's own modules are. */
async function builtFile(reader: Reader, folder: string, module: string): Promise<string | undefined> {
	const architectures = await reader.list(folder);
	if (architectures.status !== 'found') return undefined;
	for (const one of architectures.value) {
		const files = await reader.list(`${folder}/${one}/module`);
		if (files.status !== 'found') continue;
		const file = files.value.find(name => new RegExp(`^${module}\\.ko(?:\\.(?:zst|xz|gz))?$`).test(name));
		if (file !== undefined) return `${folder}/${one}/module/${file}`;
	}
	return undefined;
}
