<?php

declare(strict_types=1);

namespace Magento\Integration\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\Request;
use Magento\Framework\Exception\InputException;
use Magento\Store\Model\StoreManager;

/**
 * Where reCAPTCHA guards the customers' login, a client has to send a solved one. Which one is not looked at here.
 */
class ReCaptcha
{
    private const TYPE_PATH = 'recaptcha_frontend/type_for/customer_login';
    private const HEADER = 'X-ReCaptcha';

    public function __construct(
        private readonly ScopeConfigInterface $scopeConfig,
        private readonly StoreManager $storeManager,
        private readonly Request $request,
    ) {
    }

    /**
     * @throws InputException
     */
    public function check(): void
    {
        $store = $this->storeManager->getStore()->code;
        $type = (string)$this->scopeConfig->getValue(self::TYPE_PATH, ScopeConfigInterface::SCOPE_STORES, $store);
        if ($type !== '' && $this->request->getHeader(self::HEADER) === '') {
            throw new InputException('ReCaptcha validation failed, please try again');
        }
    }
}
