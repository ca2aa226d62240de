import {execFileSync} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';

/** A release as its compiler names itself: `1.85.1`, `4eb161250`, `2025-03-15`. */
export type Release = {readonly version: string; readonly commit: string; readonly date: string};

export const release1851: Release = {version: '1.85.1', commit: '4eb161250', date: '2025-03-15'};

const triple = 'x86_64-unknown-linux-gnu';

/**
 * Writes a release as rustup's server offers it (manifest version 2, installer version 3), with stand-ins for the programs: shell
 * scripts that answer what a wizard asks with the real words and compile nothing. rustc and rust-std weigh some megabytes of
 * noise, so that there is something to be interrupted. The addresses are the official server's, which rustup replaces by
 * RUSTUP_DIST_SERVER.
 */
export function writeRelease(root: string, release: Release, options: {readonly kibibytes?: number} = {}): void {
	const {version, commit, date} = release;
	const {kibibytes = 2048} = options;
	const full = `${version} (${commit} ${date})`;
	const noise = (share: number): Buffer => randomBytes(Math.round(kibibytes * 1024 * share));
	const script = (name: string): string => `#!/bin/sh\necho '${name} ${full}'\n`;
	const components: readonly Component[] = [
		{
			name: 'rustc',
			files: {'bin/rustc': script('rustc'), 'bin/rustdoc': script('rustdoc'), 'lib/librustc_driver.so': noise(1)}
		},
		{name: 'rust-std', files: {[`lib/rustlib/${triple}/lib/libcore.rlib`]: noise(0.5)}},
		{name: 'cargo', files: {'bin/cargo': script('cargo')}},
		{name: 'rust-docs', files: {'share/doc/rust/html/index.html': '<html></html>\n'}},
		{name: 'rustfmt-preview', files: {'bin/rustfmt': script('rustfmt')}},
		{name: 'clippy-preview', files: {'bin/clippy-driver': script('clippy')}}
	];
	const folder = `dist/${date}`;
	mkdirSync(join(root, folder), {recursive: true});
	const packages = components.map(component => {
		const path = `${folder}/${component.name}-${version}-${triple}.tar.gz`;
		pack(component, join(root, path));
		return packageText(component.name, full, path, hashOf(join(root, path)));
	});
	const manifest = `manifest-version = "2"\ndate = "${date}"\n\n${packages.join('\n')}\n${rustText(full, components)}`;
	const file = join(root, `dist/channel-rust-${version}.toml`);
	writeFileSync(file, manifest);
	writeFileSync(`${file}.sha256`, `${hashOf(file)}  channel-rust-${version}.toml\n`);
}

type Component = {readonly name: string; readonly files: Readonly<Record<string, string | Buffer>>};

/** One component as rust-installer packs it: `TOP/{rust-installer-version,components}`, `TOP/COMPONENT/{manifest.in,files…}`. */
function pack({name, files}: Component, tarball: string): void {
	const work = mkdtempSync(join(tmpdir(), 'release-'));
	try {
		const component = `${name}-${triple}`;
		const write = (path: string, content: string | Buffer): void => {
			mkdirSync(dirname(join(work, 'top', path)), {recursive: true});
			writeFileSync(join(work, 'top', path), content, {mode: path.includes('/bin/') ? 0o755 : 0o644});
		};
		write('rust-installer-version', '3');
		write('components', `${component}\n`);
		write(
			`${component}/manifest.in`,
			Object.keys(files)
				.map(path => `file:${path}\n`)
				.join('')
		);
		for (const [path, content] of Object.entries(files)) write(`${component}/${path}`, content);
		execFileSync('tar', ['-C', work, '--owner=0', '--group=0', '-czf', tarball, 'top']);
	} finally {
		rmSync(work, {recursive: true});
	}
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

const packageText = (name: string, full: string, path: string, hash: string): string =>
	[
		`[pkg.${name}]`,
		`version = "${full}"`,
		'',
		`[pkg.${name}.target.${triple}]`,
		'available = true',
		`url = "https://static.rust-lang.org/${path}"`,
		`hash = "${hash}"`,
		''
	].join('\n');

function rustText(full: string, components: readonly Component[]): string {
	const names = components.map(({name}) => name);
	const quoted = (list: readonly string[]): string => list.map(name => `"${name}"`).join(', ');
	return [
		'[pkg.rust]',
		`version = "${full}"`,
		'',
		`[pkg.rust.target.${triple}]`,
		'available = true',
		'url = ""',
		'hash = ""',
		'',
		...names.flatMap(name => [
			`[[pkg.rust.target.${triple}.components]]`,
			`pkg = "${name}"`,
			`target = "${triple}"`,
			'is_extension = false',
			''
		]),
		'[renames.rustfmt]',
		'to = "rustfmt-preview"',
		'',
		'[renames.clippy]',
		'to = "clippy-preview"',
		'',
		'[profiles]',
		'minimal = ["rustc", "cargo", "rust-std"]',
		`default = [${quoted(names)}]`,
		`complete = [${quoted(names)}]`,
		''
	].join('\n');
}
