import Mustache from 'mustache';
import type {NewFile} from '../model/step.ts';
import {moduleText, oneLine} from './module-text.ts';
import {type EditorFacts, rustProject} from './rust-project.ts';
import {type TemplateApi, type TemplateId, templates} from './templates.ts';
import {common, texts} from './texts.ts';
import {typeName} from './type-name.ts';
import {validateFolder, validateModuleName} from './validate.ts';

export {type Template, type TemplateId, templates} from './templates.ts';

/** What its author decides about a new module, and what is known of the kernel that it is for. */
export type ScaffoldRequest = {
	readonly template: TemplateId;
	readonly name: string;
	readonly author?: string;
	readonly description?: string;
	readonly api: TemplateApi;
	/** The kernel was built with clang. */
	readonly llvm?: boolean;
	/** Absolute path of the rustc that the kernel was built with; unset, the one found in PATH when make runs. */
	readonly rustc?: string;
	/** Absolute path of the kernel to build for, where it is not the running one's /lib/modules/…/build. */
	readonly kdirHint?: string;
	/** Known where the kernel's headers are here: then rust-analyzer gets its `rust-project.json`. */
	readonly editor?: EditorFacts;
	/** With a `dkms.conf`, so that dkms builds the module for every kernel that is installed. */
	readonly dkms?: boolean;
};

/**
 * The files of a new module, ready to build; paths are below the module's folder. Throws where the name, a path or the
 * template was not checked before (`validateModuleName`, `validateFolder`, `available`): nothing unchecked gets into code.
 */
export function scaffold(request: ScaffoldRequest): readonly NewFile[] {
	refuseUnchecked(request);
	const {source, about, log, talk} = texts[request.template];
	const view = viewOf(request);
	const render = (text: string): string => Mustache.render(text, view, {...common, about, log}, {escape: String});
	return [
		{path: 'Kbuild', content: render(common.kbuild)},
		{path: 'Makefile', content: render(common.makefile)},
		{path: `${request.name}.rs`, content: render(source)},
		...(talk === undefined ? [] : [{path: 'user/talk.c', content: render(talk)}]),
		{path: '.gitignore', content: render(common.gitignore)},
		{path: 'README.md', content: render(common.readme)},
		...(request.dkms ? [{path: 'dkms.conf', content: render(common.dkms)}] : []),
		...(request.editor === undefined
			? []
			: [{path: 'rust-project.json', content: rustProject(request.name, request.editor)}])
	];
}

function refuseUnchecked({name, template, api, rustc, kdirHint}: ScaffoldRequest): void {
	const verdicts = [
		validateModuleName(name),
		validateFolder(rustc ?? '/'),
		validateFolder(kdirHint ?? '/'),
		templates.find(({id}) => id === template)?.available(api) ?? {ok: false, why: `There is no template "${template}".`}
	];
	for (const verdict of verdicts) if (!verdict.ok) throw new Error(verdict.why);
}

/** What the templates name; the same for all of them. */
function viewOf({name, template, author, description, api, llvm, rustc, kdirHint, editor, dkms}: ScaffoldRequest) {
	const bytes = api.strings === 'byte';
	const plainAuthor = oneLine(author ?? '');
	const shownAuthor = moduleText(plainAuthor, bytes || api.authorKey === 'authors' ? 'ascii' : 'unicode');
	const describe = (text: string): string => moduleText(text, bytes ? 'ascii' : 'unicode');
	return {
		name,
		type: typeName(name),
		b: bytes ? 'b' : '',
		[api.authorKey]: shownAuthor,
		// The exact name stays in the file where `module!` of this kernel cannot take it.
		authorComment: shownAuthor === plainAuthor ? '' : plainAuthor,
		description: describe(description ?? '') || describe(texts[template].description),
		vector: vectors[api.vector],
		times: `${api.parameters === 'reference' ? '*' : ''}module_parameters::times.value()`,
		parameters: template === 'parameters',
		talk: texts[template].talk !== undefined,
		readWrite: api.miscDevice === 'read-write' || api.miscDevice === 'owned',
		owned: api.miscDevice === 'owned',
		kdir: kdirHint ?? '/lib/modules/$(shell uname -r)/build',
		llvm: llvm === true,
		rustc: rustc ?? 'rustc',
		editor: editor !== undefined,
		coreKnown: editor?.sysrootSource !== undefined,
		kernelKnown: editor?.source !== undefined,
		source: oneLine(editor?.source?.folder ?? ''),
		dkms: dkms === true
	};
}

/** How each generation of kernels spells a vector that grows. */
const vectors = {
	'Vec.try_push': {type: 'Vec', push: 'try_push', flags: ''},
	'Vec.push': {type: 'Vec', push: 'push', flags: ', GFP_KERNEL'},
	'KVec.push': {type: 'KVec', push: 'push', flags: ', GFP_KERNEL'}
} as const satisfies Record<
	TemplateApi['vector'],
	{readonly type: string; readonly push: string; readonly flags: string}
>;
