"""How is a finished judgement shown: as JSON, as a page, on a terminal?"""
