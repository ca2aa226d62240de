import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const kept = fileURLToPath(new URL('../../../.cache/rustup-1.27.1', import.meta.url));

/**
 * The rustup that Debian 13 packs, with the libraries of its own, because it runs on older systems too then: the path of a
 * program. Fetched by this machine's apt from its own mirror, without installing anything, and kept. Says so where it cannot be had.
 */
export function debianRustup(): string | undefined {
	const program = join(kept, 'rustup');
	if (existsSync(program)) return program;
	const making = `${kept}.${process.pid}`;
	try {
		fetch(making);
		renameSync(making, kept);
		return program;
	} catch (error) {
		const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
		console.warn(`rustup 1.27.1 of Debian cannot be had (${why}): it is not tested.`);
		rmSync(making, {recursive: true, force: true});
		// another run of the tests may have made it meanwhile
		return existsSync(program) ? program : undefined;
	}
}

function fetch(folder: string): void {
	const targets = execFileSync('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages'], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore']
	});
	const mirror = targets.split('\n').find(site => /\/debian\/?$/.test(site));
	if (mirror === undefined) throw new Error('apt knows no mirror of Debian');
	for (const one of ['lists/partial', 'archives/partial', 'tree']) mkdirSync(join(folder, one), {recursive: true});
	const sources = join(folder, 'sources.list');
	writeFileSync(sources, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} trixie main\n`);
	// nothing counts as installed, so that the libraries come too
	writeFileSync(join(folder, 'status'), '');
	const settings = {
		'Dir::Etc::SourceList': sources,
		'Dir::Etc::SourceParts': '/dev/null',
		'Dir::State::Lists': join(folder, 'lists'),
		'Dir::State::status': join(folder, 'status'),
		'Dir::Cache': folder,
		'APT::Sandbox::User': '',
		'Debug::NoLocking': '1',
		'Acquire::Retries': '0',
		'Acquire::http::Timeout': '10'
	};
	const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
	const apt = (...words: readonly string[]): void =>
		void execFileSync('apt-get', [...options, '-qq', '-y', ...words], {stdio: 'ignore', timeout: 100_000});
	apt('update');
	apt('--download-only', '--no-install-recommends', 'install', 'rustup=1.27.1*');
	const packages = readdirSync(join(folder, 'archives')).filter(name => name.endsWith('.deb'));
	for (const name of packages)
		execFileSync('dpkg-deb', ['--extract', join(folder, 'archives', name), join(folder, 'tree')]);
	for (const one of ['lists', 'archives', 'status', 'sources.list']) rmSync(join(folder, one), {recursive: true});
	writeFileSync(
		join(folder, 'rustup'),
		[
			'#!/bin/sh',
			`tree=${kept}/tree/usr`,
			'exec "$tree/lib64/ld-linux-x86-64.so.2" --argv0 rustup --library-path "$tree/lib/x86_64-linux-gnu" "$tree/bin/rustup" "$@"',
			''
		].join('\n'),
		{mode: 0o755}
	);
}
