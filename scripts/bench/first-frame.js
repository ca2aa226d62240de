// How long a user looks at an empty terminal: the wizard against create-vite's prompt.
import {join} from 'node:path';
import {node, root} from '../ensure.js';
import {inTurns, ratio} from './measure.js';
import {environment, scratch} from './scene.js';
import {onTerminal} from './terminal.js';

const anything = /\S/;
/** The hint under every screen that waits for a key. */
const interactive = /q quit/;

export async function firstFrame(count) {
	const options = {cwd: scratch(), env: environment(scratch())};
	const line = [];
	const {frame, prompt} = await inTurns(count, {
		async frame() {
			const wizard = onTerminal(node, [join(root, 'bin/linux-rust-setup.js')], options);
			line.push((await wizard.painted(anything)) - wizard.started);
			const painted = await wizard.painted(interactive);
			await wizard.leave('q');
			return painted - wizard.started;
		},
		async prompt() {
			const vite = onTerminal(node, [join(root, 'node_modules/create-vite/index.js')], options);
			const painted = await vite.painted(/Project name/);
			await vite.leave('\u0003');
			return painted - vite.started;
		}
	});
	return [
		ratio('first line of the wizard, against create-vite’s prompt', line.slice(1), prompt, 1.0),
		ratio('first decision of the wizard, against the same prompt', frame, prompt, 2.0)
	];
}
