// The Streamlit shell: a v2 component that fetches the survey once and hands it what each run loaded.
export default async function component({ data, parentElement }) {
  const boot = JSON.parse(data.boot);
  const { mount } = await import(new URL(`${boot.base}${boot.assets}survey.js`, document.baseURI).href);
  return mount(parentElement, boot);
}
