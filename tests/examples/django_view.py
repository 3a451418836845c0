"""A Django project in one file whose view writes the note for a ticket from the facts of a form.

To run it: pip install diagnoser Django, then: python django_view.py runserver
"""

import json
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from diagnoser import Diagnoser, InvalidFacts
from diagnoser.rendering import handover, markdown, reply

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1", "testserver"],
    DATA_UPLOAD_MAX_MEMORY_SIZE=64 * 1024,  # bytes; Django answers a larger body with 400
    ROOT_URLCONF=__name__,
    SECRET_KEY="signs nothing here",
)
diagnoser = Diagnoser()  # loads the knowledge once, for all requests and threads
WRITE = {"note": markdown, "reply": reply, "handover": handover}


@csrf_exempt  # for programs; a form of your own keeps Django's token
@require_POST
def write(request: HttpRequest, what: str) -> HttpResponse:
    """The note for the agent, the reply to the customer, or the text to hand over."""
    try:
        report = diagnoser.diagnose(json.loads(request.body))
    except InvalidFacts as error:
        return JsonResponse({"mistakes": [str(one) for one in error.problems]}, status=422)
    except (ValueError, RecursionError) as error:
        return JsonResponse({"mistakes": [f"not JSON: {error}"]}, status=400)
    return HttpResponse(WRITE[what](report), content_type="text/plain; charset=utf-8")


urlpatterns = [path(name, write, {"what": name}) for name in WRITE]
application = get_wsgi_application()

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
