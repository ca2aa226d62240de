import {expect, test, vi} from 'vitest';
import {renderOnTerminal} from '../support/virtual-terminal.ts';
import {scenes} from './scenes.tsx';

// chalk, which Ink colours with, looks at the environment once, when it is loaded.
vi.hoisted(() => {
	process.env.FORCE_COLOR = '1';
});

test.each(Object.entries(scenes))('%s: with colours', async (_, scene) => {
	const terminal = renderOnTerminal(scene(80, 24, false));
	await terminal.settle();
	expect(terminal.raw()).toMatch(colours);
	terminal.app.unmount();
});

const colours = /\u001b\[[\d;]+m/;
