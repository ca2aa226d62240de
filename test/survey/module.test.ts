import {expect, test} from 'vitest';
import {loadedModules, surveyModule} from '../../src/survey/module.ts';
import {makeSystem} from '../support/sysroot.ts';

const folder = '/home/me/numbers';
const survey = (files: Readonly<Record<string, string>>) => {
	const inFolder = Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
	return surveyModule(makeSystem({files: inFolder}).reader(), folder);
};
const names = async (files: Readonly<Record<string, string>>) => {
	const found = await survey(files);
	return found.status === 'found' ? found.value.names : found.status;
};

test.each([
	['obj-m := numbers.o\n', ['numbers']],
	['obj-m += a.o b.o # c.o\n', ['a', 'b']],
	['obj-m := a.o \\\n\tb.o\n', ['a', 'b']],
	['obj-m = my-module.o\n', ['my-module']],
	['ifneq ($(KERNELRELEASE),)\n  obj-m := a.o\nendif\n', ['a']],
	['obj-y := a.o\n', 'absent'],
	['# obj-m := a.o\n', 'absent'],
	['obj-m := $(NAME).o\n', 'absent'],
	['', 'absent']
])('Kbuild %j names %j', async (Kbuild, expected) => {
	expect(await names({Kbuild})).toEqual(expected);
});

test('Kbuild goes before Makefile, as kbuild has it', async () => {
	expect(await names({Kbuild: 'obj-m := a.o\n', Makefile: 'obj-m := b.o\n'})).toEqual(['a']);
	expect(await names({Makefile: 'obj-m := b.o\n'})).toEqual(['b']);
});

test('a folder that does not exist holds no module', async () => {
	expect(await surveyModule(makeSystem({}).reader(), '/home/me/none')).toEqual({status: 'absent'});
});

test('a Kbuild that is a folder could not be read', async () => {
	expect(await survey({'Kbuild/x': ''})).toMatchObject({status: 'unknown'});
});

test('the newest source is named; what the build itself makes does not count', async () => {
	const system = makeSystem({module: {ko: true, sourcesNewer: true}});
	system.write(`${folder}/numbers.mod.c`, '');
	const found = await surveyModule(system.reader(), folder);
	expect(found).toMatchObject({
		value: {newest: {path: `${folder}/numbers.rs`}, built: {value: {path: `${folder}/numbers.ko`}}}
	});
});

test('/proc/modules gives names', async () => {
	const system = makeSystem({running: '6.12.1', loaded: ['ext4', 'numbers']});
	const loaded = await loadedModules(system.reader());
	expect(loaded.status === 'found' && [...loaded.value]).toEqual(['ext4', 'numbers']);
});
