#!/usr/bin/env node
// Imports nothing before the version is known to fit: on an older Node the program itself would end in a stack trace.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
	process.stderr.write(
		`linux-rust-setup needs Node.js 22.12 or later, and this is ${process.versions.node}: install a newer one with your package manager, then run the same command again.\n`
	);
	process.exitCode = 2;
} else {
	const {openBundle} = await import('../dist/bundle.js');
	const {load, keepCompiledCode} = openBundle();
	const {main} = load('./cli.cjs');
	process.exitCode = await main(process.argv.slice(2), keepCompiledCode);
}
