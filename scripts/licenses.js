// The licences of what is bundled: those who wrote it ask that they come along.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const licenceFile = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/**
 * One text with the licence of every package that esbuild's inputs (paths below `root`) come from, in the order of their names.
 * Throws for a package that neither has a licence file nor names its licence: it must not be shipped.
 */
export function thirdPartyLicenses(root, inputs) {
	const packages = new Set(inputs.map(packageOf).filter(folder => folder !== undefined));
	// the same version may lie below several packages
	const sections = new Set([...packages].map(folder => section(join(root, folder))));
	return [...sections].sort().join(`\n${'-'.repeat(80)}\n\n`);
}

/** The innermost package a file belongs to: `node_modules/a/node_modules/@b/c`. */
const packageOf = path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];

function section(folder) {
	const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const files = readdirSync(folder).filter(file => licenceFile.test(file));
	if (license === undefined && files.length === 0) throw new Error(`${name} ${version} has no licence.`);
	const texts = files.map(file => readFileSync(join(folder, file), 'utf8').trim());
	return [`${name} ${version} (${license ?? 'see below'})`, ...texts, ''].join('\n\n');
}
