import {expect, test} from 'vitest';
import type {Action} from '../../src/model/step.ts';
import {keys} from '../support/virtual-terminal.ts';
import {afterBoot, buildDecision, openApp, withAction} from './fake-walk.tsx';

const reboot: Action = {
	kind: 'reboot',
	command: {argv: ['reboot'], as: 'root', terminal: 'captured', interrupt: 'group', why: 'starts the machine anew'},
	expected: undefined
};
const install: Action = {
	kind: 'install-packages',
	install: {names: ['linux-rust', 'linux-rust-headers'], folder: '/srv/packages'}
};

test('a reboot has an Enter of its own, and b goes back', async () => {
	const app = openApp({looks: [withAction(buildDecision, reboot), afterBoot]});
	await app.settle();
	const asked = await app.press(keys.enter);
	expect(asked).toContain('Enter starts this machine anew, at once.');
	expect(asked).toContain('sudo reboot');
	expect(asked).toContain('Enter reboot now');
	expect(app.runs).toHaveLength(0);
	await app.press('b');
	expect(app.walk.state().activity.kind).toBe('deciding');
	await app.press(keys.enter);
	await app.press(keys.enter);
	expect(app.runs).toHaveLength(1);
	app.app.unmount();
});

test('the command of an installation is shown before its files are there, as a shell reads it', async () => {
	const app = openApp({looks: [withAction(buildDecision, install), afterBoot], columns: 200});
	await app.settle();
	expect(app.screen()).toContain(
		'sudo pacman -U --noconfirm /srv/packages/linux-rust-[0-9]*.pkg.tar* /srv/packages/linux-rust-headers-[0-9]*.pkg.tar*'
	);
	app.app.unmount();
});

test('Ctrl-C twice does not leave while pacman works; afterwards it does', async () => {
	const app = openApp({looks: [withAction(buildDecision, install), afterBoot], keepsOn: true});
	await app.settle();
	await app.press(keys.enter);
	await app.press('\u0003');
	await app.emit({kind: 'notice', text: 'pacman is not stopped half-way'});
	expect(app.screen()).toContain('pacman is not stopped half-way');
	await app.press('\u0003');
	expect(app.walk.state().activity.kind).toBe('performing');
	expect(app.screen()).toContain('pacman is not stopped half-way');
	await app.finish({kind: 'cancelled', note: 'They are installed, complete.'});
	expect(app.screen()).toContain('They are installed, complete.');
	app.app.unmount();
});
