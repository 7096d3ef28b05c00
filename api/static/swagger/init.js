// Shows the OpenAPI document of this server; its address is in the page, for scripts in a page are not allowed.
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({ url: place.dataset.url, domNode: place, deepLinking: true, validatorUrl: null });
