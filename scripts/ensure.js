// What the other scripts need before they can do their work: dependencies as the lock file says, and a bundle that is newer
// than its sources. Imports nothing but Node's own modules, and runs on whatever Node npm was started with.
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** A Node that is new enough, whatever the system has. */
export const node = join(root, 'node_modules/node/bin/node');

const bundle = join(root, 'dist/bundle.js');
const sources = ['src', 'components', 'assets', 'scripts/build.js', 'scripts/light', 'package.json'];

/** Runs a program with this terminal; ends this process with its code if it fails. Its words go to stderr: stdout is the program's own. */
export function must(program, args, options = {}) {
	const {status, signal, error} = spawnSync(program, args, {cwd: root, stdio: ['inherit', 2, 2], ...options});
	if (error) {
		process.stderr.write(`${program} could not be started: ${error.message}\n`);
		process.exit(3);
	}
	if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 3));
}

/**
 * Installs the dependencies, where they are not those of the lock file. Only the newer Node runs a script of its own: what
 * tests need compiled is no reason for the wizard to need a compiler.
 */
export function ensureInstalled() {
	if (isInstalled()) return;
	process.stderr.write('Installing what linux-rust-setup is built with (npm ci), about half a minute.\n');
	must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
	must('npm', ['rebuild', 'node', '--loglevel=error']);
}

/** Compiles the terminal that tests and measurements drive the program through, where it is not. */
export function ensureTerminal() {
	if (existsSync(join(root, 'node_modules/node-pty/build/Release/pty.node'))) return;
	process.stderr.write('Compiling node-pty, which the tests need (python3, make and g++ do it).\n');
	must('npm', ['rebuild', 'node-pty', '--loglevel=error']);
}

/** npm keeps what it installed in a lock file of its own, without what is optional and not for this machine. */
function isInstalled() {
	const own = join(root, 'node_modules/.package-lock.json');
	if (!existsSync(node) || !existsSync(own)) return false;
	const [wanted, have] = [join(root, 'package-lock.json'), own].map(
		file => JSON.parse(readFileSync(file, 'utf8')).packages
	);
	return Object.entries(wanted).every(
		([path, {version, optional}]) =>
			path === '' || (have[path] === undefined ? optional === true : have[path].version === version)
	);
}

/** Builds the bundle, if a source is newer than it. */
export function ensureBuilt() {
	const built = existsSync(bundle) ? statSync(bundle).mtimeMs : 0;
	if (newest(sources.map(source => join(root, source))) > built) must(node, [join(root, 'scripts/build.js')]);
}

function newest(paths) {
	let latest = 0;
	for (const path of paths) {
		const facts = statSync(path);
		latest = Math.max(
			latest,
			facts.isDirectory() ? newest(readdirSync(path).map(name => join(path, name))) : facts.mtimeMs
		);
	}
	return latest;
}
