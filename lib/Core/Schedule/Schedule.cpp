#include "serenity/Core/Schedule/Schedule.h"
