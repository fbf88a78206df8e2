// Draws the form of a sign-in page from its model, for a person with a browser.
"use strict";

const { templateModel: model, csrf_token: csrf } = window._IDK;
const client = model.clientLegalEntityModel.clientId;

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const hidden = (name, value) => element("input", { type: "hidden", name, value });
const field = (label, attributes) =>
  element("label", {}, label, element("input", { required: "", ...attributes }));

const forms = {
  loginIdentifier: () => [
    "Sign in or register",
    "Next",
    [field("E-mail", { type: "email", name: "email", autocomplete: "username" })],
  ],
  loginAuthenticate: () => [
    "Enter your password",
    "Next",
    [
      hidden("email", model.emailPasswordForm.email),
      element("p", {}, model.emailPasswordForm.email),
      field("Password", { type: "password", name: "password", autocomplete: "current-password" }),
    ],
  ],
  termsAndConditions: () => [
    "New terms of use",
    "Accept",
    [
      hidden("countryOfResidence", model.countryOfResidence.toUpperCase()),
      ...model.legalDocuments.flatMap((document, index) =>
        Object.entries(document).map(([key, value]) =>
          hidden(`legalDocuments[${index}].${key}`, typeof value === "boolean" ? (value ? "yes" : "no") : String(value)),
        ),
      ),
    ],
  ],
};

const root = document.getElementById("root");
const make = forms[model.template];
if (make === undefined) {
  root.append(element("main", {}, element("p", {}, `Nothing to fill in here: ${model.template}.`)));
} else {
  const [title, button, fields] = make();
  const action = `/signin-service/v1/${client}/${model.postAction}`;
  root.append(
    element(
      "main",
      {},
      element("h1", {}, title),
      ...(model.error ? [element("p", { class: "error", role: "alert" }, model.error)] : []),
      element(
        "form",
        { method: "post", action },
        hidden("_csrf", csrf),
        hidden("relayState", model.relayState),
        hidden("hmac", model.hmac),
        ...fields,
        element("button", { type: "submit" }, button),
      ),
    ),
  );
}
