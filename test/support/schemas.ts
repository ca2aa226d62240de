import {readFileSync} from 'node:fs';
import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js';
import {expect} from 'vitest';

/** A schema of assets/schema, as a program that reads our JSON would use it. */
export function schema(name: 'check' | 'explain' | 'review' | 'error'): ValidateFunction {
	const text = readFileSync(new URL(`../../assets/schema/${name}.json`, import.meta.url), 'utf8');
	return new Ajv2020({strict: true, allowUnionTypes: true, allErrors: true, strictRequired: false}).compile(
		JSON.parse(text)
	);
}

export function expectToFit(validate: ValidateFunction, document: unknown): void {
	validate(document);
	expect(validate.errors ?? []).toEqual([]);
}
