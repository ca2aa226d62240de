import {describe, expect, test} from 'vitest';
import type {Reader} from '../../src/model/machine.ts';
import {findKconfig, kconfigOf, whyRustIsOff} from '../../src/survey/kconfig.ts';
import {surveyKernels} from '../../src/survey/kernels.ts';
import {configOf} from '../kernel/fixtures.ts';
import {kconfigFiles} from '../kernel/kconfig-fixtures.ts';
import {linuxRust} from '../support/scenes.ts';
import {configs, link, makeSystem, type System} from '../support/sysroot.ts';

const stock = {release: '6.12.1-arch1-1', package: 'linux'} as const;
const build = `/usr/lib/modules/${stock.release}/build`;
const config = configOf(configs.rustOff612);

async function rulesOf(system: System): Promise<string | undefined> {
	const reader = system.reader();
	const {running} = await surveyKernels(reader);
	return running && (await whyRustIsOff(reader, running))?.rules;
}

describe('where the conditions come from', () => {
	const off = {running: stock.release, procConfig: configs.rustOff612, kernels: [stock]} as const;
	const makefile = 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\nEXTRAVERSION =\n';

	test('the Kconfig files of the headers, where these carry them', async () => {
		expect(await rulesOf(makeSystem({...off, files: kconfigFiles('6.12.117', build)}))).toBe(
			`init/Kconfig in ${build}`
		);
	});

	test('the source that a build folder points to', async () => {
		const system = makeSystem({...off, files: kconfigFiles('6.12.117', '/home/me/linux')});
		system.write(`${build}/Makefile`, '');
		link(system, `${build}/source`, '/home/me/linux');
		expect(await rulesOf(system)).toBe(`init/Kconfig in ${build}/source`);
	});

	test.each(['linux-source-6.12', 'linux-6.12.117', 'linux'])('/usr/src/%s, of this very version', async name => {
		const files = {...kconfigFiles('6.12.117', `/usr/src/${name}`), [`/usr/src/${name}/Makefile`]: makefile};
		expect(await rulesOf(makeSystem({...off, files}))).toBe(`init/Kconfig in /usr/src/${name}`);
	});

	test('a source of another version is not believed: the table is', async () => {
		const folder = '/usr/src/linux-source-6.12';
		const files = {...kconfigFiles('6.12.117', folder), [`${folder}/Makefile`]: makefile.replace('117', '95')};
		expect(await rulesOf(makeSystem({...off, files}))).toBe('the table for Linux 6.12.117');
	});

	test('headers without Kconfig files, as Debian packs them: the table', async () => {
		expect(await rulesOf(makeSystem({...off, files: {[`${build}/Makefile`]: ''}}))).toBe(
			'the table for Linux 6.12.117'
		);
	});
});

test('only the files that may matter are read, each once, and none for a kernel with Rust', async () => {
	const system = makeSystem({
		running: linuxRust.release,
		kernels: [linuxRust],
		files: {
			...kconfigFiles('6.12.117', build),
			[`${build}/Kconfig`]:
				'source "init/Kconfig"\nsource "drivers/Kconfig"\nsource "lib/../../../etc/shadow"\nsource "security/Kconfig"\nsource "lib/Kconfig.debug"\nsource "lib/Kconfig.debug"\n',
			[`${build}/drivers/Kconfig`]: 'config DRIVER\n\tbool\n'
		}
	});
	const read: string[] = [];
	const inner = system.reader();
	const reader: Reader = {
		...inner,
		readText: (path, limit) => {
			if (path.includes('Kconfig') || path.includes('shadow')) read.push(path.slice(build.length + 1));
			return inner.readText(path, limit);
		}
	};
	const {running} = await surveyKernels(reader);
	expect(running && (await whyRustIsOff(reader, running))?.rust).toBe('on');
	expect(read).toEqual([]);

	expect((await kconfigOf(reader, build, config))?.definitionsOf('DRIVER')).toEqual([]);
	expect(read).toContain('arch/x86/Kconfig');
	expect(read).toContain('lib/Kconfig.debug');
	expect(read.filter(path => /drivers|shadow/.test(path))).toEqual([]);
	expect(new Set(read).size).toBe(read.length);
});

test('no folder and no source: none', async () => {
	expect(await findKconfig(makeSystem({}).reader(), undefined, config)).toBeUndefined();
	expect(await kconfigOf(makeSystem({}).reader(), '/nowhere', config)).toBeUndefined();
});
