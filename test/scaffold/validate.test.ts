import {describe, expect, it} from 'vitest';
import {typeName} from '../../src/scaffold/type-name.ts';
import {validateFolder, validateModuleName} from '../../src/scaffold/validate.ts';
import {randomNumbers} from './random.ts';

const allowed = 'Allowed are a to z, 0 to 9 and _, beginning with a letter, at most 55 characters.';

describe('validateModuleName', () => {
	it.each(['hello', 'rust_out_of_tree', 'x', 'a1', 'led_', 'a__b', 'union', 'a'.repeat(55)])('takes %s', name => {
		expect(validateModuleName(name)).toEqual({ok: true});
	});

	it.each([
		['', `A module needs a name. ${allowed}`, undefined],
		['My-Module', `A module name cannot have a capital letter ("M") in it. ${allowed}`, 'my_module'],
		['MyModule', `A module name cannot have a capital letter ("M") in it. ${allowed}`, 'my_module'],
		['../x', `A module name cannot have "." in it. ${allowed}`, 'x'],
		['/abs', `A module name cannot have "/" in it. ${allowed}`, 'abs'],
		['a b', `A module name cannot have a space in it. ${allowed}`, 'a_b'],
		['a;id', `A module name cannot have ";" in it. ${allowed}`, 'a_id'],
		['$(id)', `A module name cannot have "$" in it. ${allowed}`, 'id'],
		['-rf', `A module name cannot have "-" in it. ${allowed}`, 'rf'],
		['_x', `A module name cannot begin with "_". ${allowed}`, 'x'],
		['2fast', `A module name cannot begin with a digit. ${allowed}`, 'my_2fast'],
		['módulo', `A module name cannot have a character outside ASCII in it. ${allowed}`, 'modulo'],
		['李', `A module name cannot have a character outside ASCII in it. ${allowed}`, undefined],
		['a\u001b[31m', `A module name cannot have a control character in it. ${allowed}`, undefined],
		['a\n', `A module name cannot have a control character in it. ${allowed}`, undefined],
		[
			'x'.repeat(70),
			`This name has 70 characters, more than the kernel keeps of a module's name. ${allowed}`,
			'x'.repeat(55)
		],
		['fn', '"fn" is a word of the Rust language, so Rust code could not speak of this module.', 'fn_module'],
		['gen', '"gen" is a word of the Rust language, so Rust code could not speak of this module.', 'gen_module'],
		[
			'core',
			`"core" is a crate that the kernel's Rust code is made of; rustc refuses to build another of that name.`,
			'core_module'
		],
		[
			'kernel',
			`"kernel" is a crate that the kernel's Rust code is made of; rustc refuses to build another of that name.`,
			'kernel_module'
		],
		['vmlinux', '"vmlinux" is the name of the kernel itself.', 'vmlinux_module']
	])('refuses %j', (name, why, suggestion) => {
		expect(validateModuleName(name)).toEqual({ok: false, why, ...(suggestion === undefined ? {} : {suggestion})});
	});

	it('refuses the name of a loaded module, and suggests none that is loaded', () => {
		expect(validateModuleName('hello', {loaded: new Set(['hello', 'hello_module'])})).toEqual({
			ok: false,
			why: 'A module named "hello" is loaded already, and the kernel takes each name once.',
			suggestion: 'my_hello'
		});
	});

	it('takes only names of the promised shape, and suggests only what it takes', () => {
		const random = randomNumbers(1);
		const alphabet = ['a', 'b', 'z', 'A', 'Z', '0', '9', '_', '_', '-', '/', '.', ' ', '$', ';', '\u001b', 'é', '李'];
		let taken = 0;
		for (let round = 0; round < 20_000; round++) {
			const name = Array.from({length: random(70)}, () => alphabet[random(round % 2 ? 8 : alphabet.length)]).join('');
			const verdict = validateModuleName(name);
			if (verdict.ok) {
				taken++;
				expect(name).toMatch(/^[a-z][a-z0-9_]{0,54}$/);
			} else {
				expect(verdict.why).toMatch(/^[\u0020-\u007e]+\.$/);
				if (verdict.suggestion !== undefined) expect(validateModuleName(verdict.suggestion)).toEqual({ok: true});
			}
		}
		expect(taken).toBeGreaterThan(100);
	});
});

describe('typeName', () => {
	it.each([
		['blink_led', 'BlinkLed'],
		['hello', 'Hello'],
		['led_2', 'Led2'],
		['a__b_', 'AB'],
		['result', 'ResultModule'],
		['k_vec', 'KVecModule'],
		['this_module', 'ThisModuleModule']
	])('makes of %s %s', (name, type) => {
		expect(typeName(name)).toBe(type);
	});

	it('gives every name that is taken a type in upper camel case', () => {
		const random = randomNumbers(2);
		for (let round = 0; round < 5000; round++) {
			const name = Array.from({length: 1 + random(55)}, () => 'abcz019___'.charAt(random(10))).join('');
			if (validateModuleName(name).ok) expect(typeName(name)).toMatch(/^[A-Z][A-Za-z0-9]*$/);
		}
	});
});

describe('validateFolder', () => {
	it.each(['/home/ada/hello', '/a-b/c_d.e+f@g=h~i', '/home/jörg/李', '/'])('takes %s', path => {
		expect(validateFolder(path)).toEqual({ok: true});
	});

	it.each([
		['/home/ada/my modules', 'a space'],
		['/a:b', '":"'],
		['/a%b', '"%"'],
		['/a#b', '"#"'],
		['/$(id)', '"$"'],
		["/a'b", '"\'"'],
		['/a,b', '","'],
		['/a;id', '";"'],
		['/a[bc]d', '"["'],
		['/a\tb', 'a control character or unusual white space'],
		['/a\u001b[2J', 'a control character or unusual white space'],
		['/a\u00a0b', 'a control character or unusual white space']
	])('refuses %j and says what to do', (path, what) => {
		expect(validateFolder(path)).toEqual({
			ok: false,
			why: `The kernel's build system cannot work in a folder with ${what} in its path. Choose or make another folder, for instance ~/kernel-modules.`
		});
	});

	it('refuses no folder at all', () => {
		expect(validateFolder('')).toEqual({ok: false, why: 'No folder was named.'});
	});
});
