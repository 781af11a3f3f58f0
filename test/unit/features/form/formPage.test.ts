import assert from 'node:assert/strict';
import { formPage } from '../../../../src/features/form/formPage';

const page = {
  title: 'Edit <script>alert("1")</script> & more',
  language: 'en',
  script: 'https://resource/dist/clusterForm.js',
  style: 'https://resource/media/clusterForm.css',
  cspSource: 'https://*.vscode-cdn.net',
  nonce: '0123456789abcdef',
};

describe('The page of a form', () => {
  it('allows its own style and the script with the nonce, and nothing else', () => {
    const html = formPage(page);
    assert.match(
      html,
      /content="default-src 'none'; style-src https:\/\/\*\.vscode-cdn\.net; script-src 'nonce-0123456789abcdef'"/,
    );
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.doesNotMatch(html, /unsafe|style=/);
  });

  it('takes a title that looks like markup for text', () => {
    assert.match(
      formPage(page),
      /<title>Edit &#60;script&#62;alert\(&#34;1&#34;\)&#60;\/script&#62; &#38; more<\/title>/,
    );
  });
});
