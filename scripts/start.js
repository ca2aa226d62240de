// `npm start`: a first run installs and builds, then the wizard starts on a Node that is new enough.
import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {ensureBuilt, ensureInstalled, node, root} from './ensure.js';

ensureInstalled();
ensureBuilt();
// the folder npm was called from, not the repository: modules are made where the user stands
const child = spawn(node, [join(root, 'bin/linux-rust-setup.js'), ...process.argv.slice(2)], {
	cwd: process.env.INIT_CWD ?? process.cwd(),
	stdio: 'inherit'
});
// Ctrl-C reaches the wizard itself, which decides what it means; this process waits for its answer
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
child.on('exit', (code, signal) => {
	process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
