// Starts the viewer on the hub's own description, and shows the examples that the description has for each call.
const place = document.getElementById('reference')

window.SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  tagsSorter: undefined,
  validatorUrl: null,
  plugins: [examplesPlugin],
})

function examplesPlugin({ React }) {
  const create = React.createElement

  function Examples({ samples }) {
    const [chosen, choose] = React.useState(0)
    const { label, source } = samples[chosen]
    const tabs = samples.map((sample, at) =>
      create(
        'button',
        { key: sample.label, type: 'button', 'aria-pressed': at === chosen, onClick: () => choose(at) },
        sample.label,
      ),
    )
    return create(
      'div',
      { className: 'examples' },
      create(
        'div',
        { className: 'examples-tabs' },
        create('h4', null, 'Example'),
        ...tabs,
        create(Copy, { text: source }),
      ),
      create('pre', { 'aria-label': label }, create('code', null, source)),
    )
  }

  function Copy({ text }) {
    const [isCopied, setCopied] = React.useState(false)
    const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true))
    return create(
      'button',
      { type: 'button', className: 'examples-copy', onClick: copy },
      isCopied ? 'Copied' : 'Copy',
    )
  }

  return {
    wrapComponents: {
      responses: (Original) => (props) => {
        const { path, method, specSelectors } = props
        const samples = specSelectors.specJson().getIn(['paths', path, method, 'x-codeSamples'])
        return create(
          React.Fragment,
          null,
          samples && create(Examples, { samples: samples.toJS() }),
          create(Original, props),
        )
      },
    },
  }
}
